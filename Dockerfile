# One image for every role. Build: docker build -t him-inbox .
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends make npm libpangoft2-1.0-0 fonts-dejavu-core postgresql-client && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN make .venv/.run inbox/web/static/vendor/.done && .venv/bin/python run_bots.py train && useradd him && chown -R him var
USER him
ENV HOST=0.0.0.0
EXPOSE 8000
ENTRYPOINT [".venv/bin/python", "run_bots.py"]
