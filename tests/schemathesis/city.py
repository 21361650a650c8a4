"""What there is in the demo: places, numbers and codes, so that requests ask for things that exist."""

import math
import urllib.parse

from server import ask

KINDS = ("cases", "inspections", "findings", "cameras")


def read(address, cookie):
    """Reads it once, as somebody who sees everything."""

    def get(path):
        return ask(address, "GET", path, cookie, expect=200).json()

    west, south, east, north = get("/v1/city")["bounds"]
    rows = {kind: get(f"/v1/{kind}?limit=60")["items"] for kind in KINDS}
    cases = [case for case in get("/v1/cases?limit=1000")["items"] if case["lon"] is not None]
    points = [[case["lon"], case["lat"]] for case in cases[:60]]
    lon, lat = points[0]
    chain = get(f"/v1/responsibility?lon={lon}&lat={lat}")["chain"]
    near = get(f"/v1/nearby?lon={lon}&lat={lat}&radius_m=3000&kinds=road,key_place&limit=50")["items"]
    still_open = get(f"/v1/nearby?lon={lon}&lat={lat}&radius_m=5000&kinds=case&state=open&limit=60")["items"]
    names = [item["name"] for item in near if item.get("name")]
    topology = get(f"/v1/topology/{chain[1]['code']}")
    return {
        "bounds": [west, south, east, north],
        "points": points,
        "ids": {kind: [row["id"] for row in rows[kind]] for kind in KINDS},
        "open_cases": [case["id"] for case in still_open],
        "categories": sorted({case["category_code"] for case in cases if case.get("category_code")})[:20],
        "departments": sorted({case["lead_department_code"] for case in cases if case.get("lead_department_code")}),
        "units": [unit["code"] for unit in chain],
        "names": names[:20] or ["常乐镇"],
        "roads": [item["name"] for item in near if item["kind"] == "road" and item.get("name")][:10],
        "tilesets": [one["name"] for one in get("/tiles")["tilesets"]],
        "styles": [one["name"] for one in get("/styles")["styles"]],
        "arcs": [{"id": arc["id"], "points": arc["points"]} for arc in topology["arcs"]][:10],
    }


def tile_at(lon, lat, z):
    """Column and row of WebMercatorQuad."""
    side = 2**z
    x = (lon + 180) / 360 * side
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
    return int(x), int(y)


def tile_of_degrees(lon, lat, z, two_wide_at):
    """Column and row of a set in degrees whose level `two_wide_at` is two tiles wide and one high."""
    rows = 2 ** (z - two_wide_at)
    return int((lon + 180) / 180 * rows), int((90 - lat) / 180 * rows)


def quoted(text):
    """As a part of an address."""
    return urllib.parse.quote(text, safe="")
