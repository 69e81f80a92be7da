"""What reading and writing costs, day by day."""

from sqlmodel import Field, SQLModel


class AccountCost(SQLModel, table=True):
    """Pieces and money of one UTC day, per account and kind (`read:mentions`, `send`)."""

    __tablename__ = "account_cost"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    day: str = Field(primary_key=True)
    """ISO date."""
    kind: str = Field(primary_key=True)
    pieces: int = 0
    micros: int = 0
    """Millionths of a US dollar."""
