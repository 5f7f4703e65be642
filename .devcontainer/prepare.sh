#!/usr/bin/env bash
# What the container needs once: the libraries that Qt loads, the virtual environment, and the hooks of git.
set -euo pipefail
cd "$(dirname "$0")/.."
sudo apt-get update -qq
# shellcheck disable=SC2046
sudo apt-get install -y -qq --no-install-recommends $(make -s system-libraries)
make setup hooks
