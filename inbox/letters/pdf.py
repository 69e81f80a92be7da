"""HTML to PDF in a child process: laying a page out takes a second of CPU and must hold up nobody."""

import asyncio
import sys

from models.errors import InputError

PRINTER = "inbox.letters.printer"
LONGEST_SECONDS = 60


async def pdf_of(page: str) -> bytes:
    """The page as PDF. Raises InputError where it cannot be laid out."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        PRINTER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        made, problem = await asyncio.wait_for(process.communicate(page.encode()), LONGEST_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise InputError("Belge hazırlanamadı; az sonra yineleyiniz.") from None
    if process.returncode != 0 or not made.startswith(b"%PDF"):
        raise InputError(f"Belge hazırlanamadı: {problem.decode(errors='replace').strip()[-200:]}")
    return made
