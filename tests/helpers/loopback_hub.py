"""A hub on loopback: the part of a hub's HTTP that downloads and uploads use, and ways in which it can misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_" + "LoopbackSecret0123456789"
_LARGE = (".safetensors", ".gguf", ".bin")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    bytes: int
    range: str | None
    with_token: bool


@dataclass
class LoopbackHub:
    """Repositories are folders below ``root``. What is set here holds for the next requests."""

    root: Path
    gated: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    revisions: dict[str, set[str]] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)  # of each file: after how many bytes, one entry a request
    damaged: set[str] = field(default_factory=set)
    stalled: set[str] = field(default_factory=set)
    pause: float = 0.0  # seconds before each piece of a file
    refuses_uploads: int | None = None  # with this status
    loses: set[str] = field(default_factory=set)  # files that it commits with other bytes
    heeds_ranges: bool = True
    asked: list[Asked] = field(default_factory=list)
    stored: dict[str, Path] = field(default_factory=dict)
    created: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    _hashes: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)

    def folder(self, repository: str) -> Path:
        return self.root / repository

    def commit(self, repository: str) -> str:
        return hashlib.sha1(repository.encode()).hexdigest()

    def hashes(self, file: Path) -> tuple[str, str]:
        """SHA-256 of a file, and git's SHA-1."""
        state = file.stat()
        key = (str(file), state.st_size, state.st_mtime_ns)
        if key not in self._hashes:
            whole, of_git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % state.st_size)
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    whole.update(piece)
                    of_git.update(piece)
            self._hashes[key] = (whole.hexdigest(), of_git.hexdigest())
        return self._hashes[key]

    def requests_for(self, name: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path.endswith(f"/{name}") and asked.method == "GET"]


@contextmanager
def running(root: Path, **behaviour: Any) -> Iterator[LoopbackHub]:
    """A hub that answers while the block runs."""
    hub = LoopbackHub(root, **behaviour)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.pause, hub.stalled = 0.0, set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def answer(self) -> None:
        body = self._body()
        path = unquote(urlsplit(self.path).path)
        self.knows = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        given = self.headers.get("Range")
        self.hub.asked.append(Asked(self.command, path, len(body), given, "Authorization" in self.headers))
        for pattern, answer in _ROUTES:
            if match := re.fullmatch(pattern, path):
                with suppress(ConnectionError):
                    answer(self, body, *match.groups())
                return
        self._json({"error": f"nothing at {path}"}, 404)

    do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = bytearray()
        while size := int(self.rfile.readline().strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return bytes(body)

    def _json(self, content: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(content).encode()
        self._start(status, len(body), {"Content-Type": "application/json", **headers})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _start(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    # What there is

    def whoami(self, _body: bytes) -> None:
        if not self.knows:
            self._json({"error": "Invalid credentials"}, 401)
            return
        self._json({"name": "me", "type": "user", "orgs": [], "auth": {"accessToken": {"role": "write"}}})

    def model(self, _body: bytes, repository: str, revision: str | None = None) -> None:
        folder = self.hub.folder(repository)
        if not self._may_see(repository) or not self._knows_revision(repository, revision):
            return
        files = [self._entry(file, folder) for file in _files(folder)]
        siblings = [
            {"rfilename": entry["path"], "size": entry["size"], "blobId": entry["oid"], "lfs": entry.get("lfs")}
            for entry in files
        ]
        facts = {"private": repository in self.hub.private, "gated": "auto" if repository in self.hub.gated else False}
        self._json({
            "id": repository, "sha": self.hub.commit(repository), "siblings": siblings, "tags": ["license:apache-2.0"],
            "downloads": 0, "likes": 0, **facts,
        })  # fmt: skip

    def _may_see(self, repository: str) -> bool:
        hidden = repository in self.hub.private and not self.knows
        if self.hub.folder(repository).is_dir() and not hidden:
            return True
        self._json({"error": "Repository not found"}, 404 if self.knows else 401, X_Error_Code="RepoNotFound")
        return False

    def _knows_revision(self, repository: str, revision: str | None) -> bool:
        known = {None, "main", self.hub.commit(repository), *self.hub.revisions.get(repository, ())}
        if revision in known:
            return True
        self._json({"error": "Invalid rev id"}, 404, X_Error_Code="RevisionNotFound")
        return False

    def tree(self, _body: bytes, repository: str, _revision: str) -> None:
        folder = self.hub.folder(repository)
        self._json([self._entry(file, folder) for file in _files(folder)])

    def paths(self, body: bytes, repository: str, _revision: str) -> None:
        given = parse_qs(body.decode())["paths"]
        folder = self.hub.folder(repository)
        self._json([self._entry(folder / name, folder) for name in given if (folder / name).is_file()])

    def _entry(self, file: Path, folder: Path) -> dict[str, Any]:
        whole, of_git = self.hub.hashes(file)
        size = file.stat().st_size
        entry: dict[str, Any] = {"type": "file", "path": file.relative_to(folder).as_posix(), "size": size}
        if file.suffix not in _LARGE:
            return {**entry, "oid": of_git}
        lfs = {"oid": whole, "sha256": whole, "size": size, "pointerSize": 130}
        return {**entry, "oid": "0" * 40, "lfs": lfs}

    # Files

    def file(self, _body: bytes, repository: str, _revision: str, name: str) -> None:
        if not self._may_see(repository):
            return
        if repository in self.hub.gated and not self.knows:
            self._json({"error": "Access is restricted"}, 401, X_Error_Code="GatedRepo")
            return
        file = self.hub.folder(repository) / name
        if not file.is_file():
            self._json({}, 404, X_Error_Code="EntryNotFound", X_Repo_Commit=self.hub.commit(repository))
            return
        self._send_file(file, name, repository)

    def _send_file(self, file: Path, name: str, repository: str) -> None:
        size = file.stat().st_size
        whole, of_git = self.hub.hashes(file)
        etag = whole if file.suffix in _LARGE else of_git
        headers = {"ETag": f'"{etag}"', "X-Repo-Commit": self.hub.commit(repository), "Accept-Ranges": "bytes"}
        begin, end, status = 0, size, 200
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if asked and self.hub.heeds_ranges:
            begin, end, status = int(asked[1]), min(size, int(asked[2] or size) + 1 if asked[2] else size), 206
            headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
        self._start(status, end - begin, headers)
        if self.command == "GET":
            self._send_bytes(file, name, begin, end)

    def _send_bytes(self, file: Path, name: str, begin: int, end: int) -> None:
        cuts = self.hub.cuts.get(name)
        stop = min(end, begin + cuts.pop(0)) if cuts else end
        with file.open("rb") as stream:
            if not (self.hub.pause or name in self.hub.damaged or name in self.hub.stalled):
                self.wfile.flush()
                self.connection.sendfile(stream, begin, stop - begin)
            else:
                self._send_slowly(stream, name, begin, stop)
        if stop < end:
            self.close_connection = True
            self.wfile.flush()
            self.connection.close()

    def _send_slowly(self, stream: Any, name: str, begin: int, stop: int) -> None:
        stream.seek(begin)
        while begin < stop:
            while name in self.hub.stalled:
                time.sleep(0.02)
            time.sleep(self.hub.pause)
            piece = bytearray(stream.read(min(_PIECE // 16, stop - begin)))
            if name in self.hub.damaged:
                piece[-1] ^= 1
            self.wfile.write(piece)
            begin += len(piece)

    # Uploads

    def create(self, body: bytes) -> None:
        if self._refuses():
            return
        asked = json.loads(body)
        owner = asked.get("organization") or "me"
        repository = f"{owner}/{asked['name']}"
        self.hub.created.append(asked)
        self.hub.folder(repository).mkdir(parents=True)
        if asked.get("private") or asked.get("visibility") == "private":
            self.hub.private.add(repository)
        self._json({"url": f"{self.hub.url}/{repository}", "name": repository, "id": repository})

    def _refuses(self) -> bool:
        status = self.hub.refuses_uploads or (None if self.knows else 401)
        if status:
            self._json({"error": "You may not write here"}, status)
        return bool(status)

    def modes(self, body: bytes, _repository: str, _revision: str) -> None:
        files = json.loads(body)["files"]
        mode = {True: "lfs", False: "regular"}
        self._json(
            {
                "files": [
                    {"path": file["path"], "uploadMode": mode[file["path"].endswith(_LARGE)], "shouldIgnore": False}
                    for file in files
                ]
            }
        )

    def batch(self, body: bytes, _repository: str) -> None:
        if self._refuses():
            return
        objects = []
        for item in json.loads(body)["objects"]:
            action = {"upload": {"href": f"{self.hub.url}/store/{item['oid']}", "header": {}}}
            there = item["oid"] in self.hub.stored
            objects.append({**item, **({} if there else {"actions": action})})
        self._json({"transfer": "basic", "objects": objects})

    def store(self, body: bytes, oid: str) -> None:
        if self.hub.pause:
            time.sleep(self.hub.pause)
        target = self.hub.root / ".store" / oid
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(body)
        self.hub.stored[oid] = target
        self._json({})

    def commit(self, body: bytes, repository: str, _revision: str) -> None:
        if self._refuses():
            return
        folder = self.hub.folder(repository)
        for line in body.splitlines():
            entry = json.loads(line)
            if entry["key"] not in ("file", "lfsFile"):
                continue
            value = entry["value"]
            stored = self.hub.stored.get(value.get("oid", ""))
            content = stored.read_bytes() if stored else base64.b64decode(value["content"])
            target = folder / value["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content + b" " if value["path"] in self.hub.loses else content)
        commit = self.hub.commit(repository)
        url = f"{self.hub.url}/{repository}/commit/{commit}"
        self._json({"commitUrl": url, "commitOid": commit, "success": True, "hookOutput": ""})

    def agreed(self, _body: bytes) -> None:
        self._json({"errors": [], "warnings": []})


_REPOSITORY = r"([^/]+/[^/]+)"
_ROUTES = (
    (r"/api/whoami-v2", _Handler.whoami),
    (r"/api/validate-yaml", _Handler.agreed),
    (r"/api/repos/create", _Handler.create),
    (rf"/api/models/{_REPOSITORY}", _Handler.model),
    (rf"/api/models/{_REPOSITORY}/revision/(.+)", _Handler.model),
    (rf"/api/models/{_REPOSITORY}/tree/([^/]+)", _Handler.tree),
    (rf"/api/models/{_REPOSITORY}/paths-info/([^/]+)", _Handler.paths),
    (rf"/api/models/{_REPOSITORY}/preupload/([^/]+)", _Handler.modes),
    (rf"/api/models/{_REPOSITORY}/commit/([^/]+)", _Handler.commit),
    (rf"/{_REPOSITORY}\.git/info/lfs/objects/batch", _Handler.batch),
    (r"/store/(.+)", _Handler.store),
    (rf"/{_REPOSITORY}/resolve/([^/]+)/(.+)", _Handler.file),
)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
