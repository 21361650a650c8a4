"""What makes drawn requests ask for things that exist, and which failures are none, each with its reason.

Three requests of four that are meant to be valid, and the first of each operation, get ids, places, codes and
versions of the demo, so that the answers of success are checked and not only refusals; everything else stays as it
was drawn, and what is meant to be invalid always does.
"""

import atexit
import base64
import collections
import hashlib
import hmac
import json
import os
import struct
import time
import zlib
from pathlib import Path

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.transport.requests import REQUESTS_TRANSPORT

import city
from server import ask

RUN = json.loads(Path(os.environ["CIM_SCHEMATHESIS_RUN"]).read_text())
THINGS = RUN["things"]
ADDRESS, COOKIE = RUN["address"], RUN["cookie"]
# How often each operation was answered with which status.
ANSWERED = collections.defaultdict(collections.Counter)
# Operations that were asked once with what exists.
BEGUN = set()
TEXTS = ("application/x-ndjson", "text/csv")
# A changeset is brought into the state that the step needs, because from another one it is only ever refused.
STATE_FOR = {
    "redo": "undone",
    "submit": "draft",
    "withdraw": "submitted",
    "approve": "submitted",
    "reject": "submitted",
    "publish": "approved",
}


@REQUESTS_TRANSPORT.serializer(*TEXTS)
def as_text(_context, value):
    """Lines and tables are sent as the text that they are."""
    if not isinstance(value, (str, bytes)):
        value = json.dumps(value)
    return {"data": value.encode(errors="surrogatepass") if isinstance(value, str) else value}


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Puts things that exist into a request that is meant to be valid."""
    weight = weight_of(case)
    is_first = is_valid(case) and case.operation.label not in BEGUN
    if is_first:
        BEGUN.add(case.operation.label)
    elif weight % 4 == 0:
        return
    if is_valid_at(case, ParameterLocation.PATH) and case.path_parameters:
        put_path(case, weight // 4)
        if is_valid_at(case, ParameterLocation.HEADER):
            put_version(case)
    if is_valid_at(case, ParameterLocation.QUERY) and case.query:
        put_query(case, weight // 4)
    if is_valid_at(case, ParameterLocation.HEADER) and case.headers:
        case.headers.pop("x-cim-min-xid", None)
    if is_valid_at(case, ParameterLocation.BODY) and (is_first or weight % 4 != 1):
        put_body(case, weight // 16)


@schemathesis.hook
def after_call(_context, case, response):
    """Counts, for the summary."""
    ANSWERED[case.operation.label][response.status_code] += 1


@schemathesis.hook
def filter_failure(_context, failure, case, response):
    """What is no failure."""
    asked = {**(case.query or {}), **(case.headers or {})} if isinstance(case.query, dict) else {}
    # The contract: a write that has not happened yet is waited for, then 503.
    if response.status_code == 503 and any(name.startswith(("min_", "x-cim-min")) for name in asked):
        return False
    if not isinstance(failure, AcceptedNegativeData):
        return True
    # HTTP demands that unknown headers are ignored.
    if any(name.lower() == "x-schemathesis-unknown-property" for name in case.headers or {}):
        return False
    # An empty parameter or header counts as not given.
    spoiled = spoiled_values(case)
    if spoiled and all(value in ("", [], [""]) for value in spoiled):
        return False
    # Whatever is drawn in the place of a text becomes text on its way.
    return case.media_type not in TEXTS


def spoiled_values(case):
    """The values of parameters and headers that make a request invalid."""
    spoiling = case.meta.phase.data
    names = {mutation.parameter for mutation in getattr(spoiling, "mutations", None) or []}
    names.add(getattr(spoiling, "parameter", None))
    query = case.query if isinstance(case.query, dict) else {}
    return [value for name, value in {**query, **(case.headers or {})}.items() if name in names]


@atexit.register
def tell():
    """Leaves the counts where the runner reads them."""
    Path(RUN["counts"]).write_text(json.dumps(ANSWERED))


def weight_of(case):
    """A number that depends on the request alone, so that the same run asks the same."""
    drawn = [case.operation.label, case.path_parameters, case.query, case.headers, case.body]
    return zlib.crc32(repr(drawn).encode(errors="replace"))


def is_valid(case):
    """Whether the whole request is meant to be valid."""
    return case.meta is None or case.meta.generation.mode.is_positive


def is_valid_at(case, location):
    """Whether this part of the request is meant to be valid."""
    return case.meta is None or not case.meta.is_negative_at(location)


def pick(values, weight):
    """One of them."""
    return values[weight % len(values)]


def put_path(case, weight):
    """Ids, codes and tiles of the demo."""
    path, given = case.operation.path, case.path_parameters
    lon, lat = pick(THINGS["points"], weight)
    if path.startswith("/tiles/"):
        given["tileset"] = pick(THINGS["tilesets"], weight)
        if "z" in given:
            z = given["z"] = 10 + weight % 7
            matrix_set = given.get("tileMatrixSetId", "WebMercatorQuad")
            if matrix_set == "WebMercatorQuad":
                x, y = city.tile_at(lon, lat, z)
            else:
                x, y = city.tile_of_degrees(lon, lat, z, 0 if matrix_set == "WorldCRS84Quad" else 1)
            given.update({"row": y, "col": x} if "row" in given else {"x": x, "y": y})
    elif path == "/v1/around/{kind}/{id}":
        kind = pick(city.KINDS, weight)
        given.update(kind=kind[:-1], id=pick(THINGS["ids"][kind], weight))
    elif path == "/v1/cases/{id}/events":
        given["id"] = pick(THINGS["open_cases"], weight)
    elif path.startswith("/v1/changesets/"):
        step = path.rsplit("/", 1)[-1]
        if (found := changeset_in(STATE_FOR.get(step, "draft"), step)) is not None:
            given["id"] = found
    elif path.startswith("/v1/users/"):
        # Where this role may not, another's run may have added it.
        ask(ADDRESS, "POST", "/v1/users", COOKIE, {"name": "drawn", "display_name": "drawn"})
        given["name"] = "drawn"
    elif path == "/v1/tokens/{id}":
        made = ask(ADDRESS, "POST", "/v1/tokens", COOKIE, new_token()) if COOKIE else None
        given["id"] = made.json()["id"] if made and made.status == 201 else "1"
    elif (kind := path.split("/")[2] if path.startswith("/v1/") else "") in city.KINDS:
        given["id"] = pick(THINGS["ids"][kind], weight)
    else:
        known = {
            "/v1/units/{id}": ("id", THINGS["units"]),
            "/v1/topology/{unit}": ("unit", THINGS["units"]),
            "/styles/{style}": ("style", THINGS["styles"]),
            "/fonts/{path}": ("path", THINGS["fonts"]),
            "/api/problems/{name}": ("name", ["refused", "bad-parameter", "internal"]),
        }
        name, values = known.get(path, ("rev", [1]))
        if values:
            given[name] = pick(values, weight)


def put_version(case):
    """The version that the thing has now, where one is demanded."""
    if "If-Match" not in (case.headers or {}) or not COOKIE:
        return
    thing = "/".join(case.operation.path.split("/")[:3]) + "/" + city.quoted(str(case.path_parameters["id"]))
    version = ask(ADDRESS, "GET", thing, COOKIE).headers.get("etag")
    if version:
        case.headers["If-Match"] = version


def put_query(case, weight):
    """Places in the city, times as the server reads them, and no waiting for writes."""
    lon, lat = pick(THINGS["points"], weight)
    known = {
        "lon": lon,
        "lat": lat,
        "crs": pick(["wgs84", "cgcs2000", "gcj02", "bd09"], weight),
        "crs_out": pick(["wgs84", "gcj02", "bd09", "epsg:4549"], weight),
        "category": pick(THINGS["categories"], weight),
        "kinds": pick(["case", "camera,inspection", "finding,key_place", "building,address"], weight),
        "state": pick(["open", "closed"], weight),
        "class": pick(THINGS["categories"], weight)[:2],
        "datetime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "known_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "from": "2025-12-01T00:00:00+08:00",
        "to": "2026-12-01T00:00:00+08:00",
        "text": pick(THINGS["names"], weight),
        "road": pick(THINGS["roads"], weight),
        "unit": pick(THINGS["units"], weight),
        "purpose": "查看现场",
        "city_code": THINGS["units"][-1],
    }
    path = case.operation.path
    if path == "/v1/changesets":
        known["state"] = "draft"
    if path == "/v1/ties":
        known["state"] = "failed"
    if path.startswith("/tiles/"):
        known["crs"] = pick(["wgs84", "gcj02"], weight) if "{row}" not in path else "wgs84"
        if case.path_parameters.get("tileset") != "linkage":
            case.query.pop("filter", None)
    if path.endswith("/difference"):
        known["from"] = 1
    for name in list(case.query):
        if name in ("min_xid", "min_snapshot", "after") or name == "changeset":
            del case.query[name]
        elif name in known:
            case.query[name] = known[name]


def put_body(case, weight):
    """A body that means something, where a drawn one could only be refused."""
    if (made := body_of(case, weight)) is not None:
        case.body = made


def body_of(case, weight):
    """What to send."""
    label, lines = case.operation.label, case.media_type == "application/x-ndjson"
    lon, lat = pick(THINGS["points"], weight)
    if label in NEW_THINGS:
        made = NEW_THINGS[label](weight % 40, lon, lat)
        return json.dumps(made) + "\n" if lines else made
    if label == "POST /v1/responsibility/batch" and case.media_type == "text/csv":
        return f"id,lon,lat\r\n1,{lon},{lat}\r\n"
    ring = [[lon, lat], [lon + 0.002, lat], [lon + 0.002, lat + 0.002], [lon, lat + 0.002], [lon, lat]]
    bodies = {
        "POST /v1/responsibility/batch": lambda: {"points": [{"id": 1, "lon": lon, "lat": lat}]},
        "POST /v1/locate/batch": lambda: {"texts": THINGS["names"][:3]},
        "POST /v1/within": lambda: {"area": {"type": "Polygon", "coordinates": [ring]}, "kinds": ["case", "building"]},
        "POST /v1/cameras/along": lambda: {"line": {"type": "LineString", "coordinates": ring[:3]}},
        "POST /v1/cases/{id}/events": lambda: next_event(case.path_parameters["id"]),
        "POST /v1/cases/{id}/reveal": lambda: {"reason": "a call back"},
        "POST /v1/search/phone": lambda: {"phone": "10012345678", "reason": "a call back"},
        "PATCH /v1/cases/{id}": lambda: {"title": f"title {weight % 7}"},
        "PATCH /v1/inspections/{id}": lambda: {"summary": f"summary {weight % 7}"},
        "PATCH /v1/findings/{id}": lambda: {"title": f"title {weight % 7}"},
        "PATCH /v1/cameras/{id}": lambda: {"name": f"name {weight % 7}"},
        "POST /v1/changesets": lambda: {"title": f"draft {weight % 7}"},
        "POST /v1/changesets/{id}/ops": lambda: operation(weight),
        "POST /v1/changesets/{id}/rebase": lambda: {"keep_before_conflict": bool(weight % 2)},
        "POST /v1/changesets/{id}/comments": lambda: {"text": "seen", "position": [lon, lat]},
        "POST /v1/changesets/{id}/approve": lambda: {"effective_from": today(), "doc_no": "2026-1"},
        "POST /v1/changesets/{id}/reject": lambda: {"reason": "not yet"},
        "POST /v1/users": lambda: {"name": f"drawn{weight}", "display_name": "drawn"},
        "PATCH /v1/users/{name}": lambda: {"state": pick(["active", "suspended"], weight)},
        "PUT /v1/users/{name}/membership": lambda: {"role": "viewer", "areas": None, "clearance": "open"},
        "POST /v1/session": lambda: {"name": "planner2", "password": RUN["password"]},
        "POST /v1/tokens": new_token,
        "POST /v1/second-factor": second_factor,
    }
    return bodies[label]() if label in bodies else None


NEW_THINGS = {
    "POST /v1/cases": lambda number, lon, lat: {
        "source_system": "drawn",
        "source_no": str(number),
        "title": f"case {number}",
        "lon": lon,
        "lat": lat,
        "locate_method": "gps",
        "accuracy_m": 5.0,
    },
    "POST /v1/inspections": lambda number, lon, lat: {
        "inspection_no": f"drawn {number}",
        "theme": "patrol",
        "state": "planned",
        "lon": lon,
        "lat": lat,
    },
    "POST /v1/findings": lambda number, lon, lat: {
        "finding_no": f"drawn {number}",
        "title": f"finding {number}",
        "reported_at": "2026-11-30T08:00:00+08:00",
        "lon": lon,
        "lat": lat,
        "accuracy_m": 5.0,
    },
    "POST /v1/cameras": lambda number, lon, lat: {
        "gb_id": f"3206140009132699{number:04}",
        "name": f"camera {number}",
        "lon": lon,
        "lat": lat,
    },
}


def next_event(case_id):
    """One of the events that the case allows now."""
    found = ask(ADDRESS, "GET", f"/v1/cases/{city.quoted(str(case_id))}", COOKIE)
    allowed = found.json().get("allowed_events") if found.status == 200 else None
    event = {"event": allowed[0] if allowed else "accept"}
    if event["event"] == "assign":
        event["department_code"] = THINGS["departments"][0]
    return event


def operation(weight):
    """One edit of a boundary."""
    arc = pick(THINGS["arcs"], weight)
    lon, lat = arc["points"][0]
    return pick(
        [
            {"op": "rename", "unit": THINGS["units"][1], "name": f"name {weight % 90}"},
            {"op": "insert_vertex", "arc": arc["id"], "index": 1, "at": [lon + 1e-5, lat + 1e-5]},
            {"op": "reshape", "arc": arc["id"], "line": arc["points"]},
        ],
        weight,
    )


def changeset_in(state, step):
    """A new changeset in this state, made by the planner and approved by the commander."""
    planner, commander = RUN["planner"], RUN["commander"]
    if not COOKIE:
        return None

    def write(path, cookie, body=None, version=None):
        headers = {"if-match": version} if version else {}
        answer = ask(ADDRESS, "POST", path, cookie, body, headers)
        return answer if answer.status < 300 else None

    # Nobody reviews what they drafted; every other step is its author's, but publishing, which is either's.
    reviews = step in ("approve", "reject")
    author = (commander if COOKIE == planner else planner) if reviews else COOKIE
    reviewer = commander if author == planner else planner
    made = write("/v1/changesets", author, {"title": state})
    if made is None:
        return None
    path, version = made.headers["location"], made.headers["etag"]
    name = hashlib.sha256(path.encode()).hexdigest()[:6]
    steps = [("ops", author, {"op": "rename", "unit": THINGS["units"][0], "name": name})]
    if state == "undone":
        steps.append(("undo", author, None))
    elif state != "draft":
        steps.append(("submit", author, None))
    if state == "approved":
        steps.append(("approve", reviewer, {"effective_from": today()}))
    for step, who, body in steps:
        made = write(f"{path}/{step}", who, body, version)
        if made is None:
            break
        version = made.headers["etag"]
    return int(path.rsplit("/", 1)[-1])


def new_token():
    """A token for a month."""
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 86400))
    return {"title": "drawn", "actions": ["read_health"], "expires_at": expires}


def second_factor():
    """A secret as proposed, with the code of this moment (RFC 6238)."""
    secret = ask(ADDRESS, "GET", "/v1/second-factor", COOKIE).json().get("secret", "")
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return {"secret": secret, "code": f"{number % 1_000_000:06}"}


def today():
    """This day in China."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
