# What browsers load from elsewhere, by package and with its hash.
FROM node:24-bookworm-slim AS browser
WORKDIR /assises
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp
# Pango makes the PDF documents; with the subset library four times faster.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home assises
WORKDIR /assises
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements.lock
COPY . .
COPY --from=browser /assises/node_modules/qr node_modules/qr
COPY --from=browser /assises/node_modules/tus-js-client/dist node_modules/tus-js-client/dist
# The settings want a key; this one signs nothing and stays in no layer.
RUN SECRET_KEY=none python manage.py compile_catalogues \
    && SECRET_KEY=none python manage.py collectstatic --noinput
# What people send; a volume that is mounted here takes its owner from it.
ENV FILES_ROOT=/files FILE_UPLOAD_TEMP_DIR=/files/incoming
RUN install -d -o assises -m 0700 /files /files/incoming
USER assises
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request as web; \
host = os.environ['ALLOWED_HOSTS'].split(',')[0].lstrip('.'); \
web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "assises.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
    "--threads", "8", "--keep-alive", "5", "--graceful-timeout", "25", "--worker-tmp-dir", "/dev/shm", \
    "--preload", "--no-control-socket"]
