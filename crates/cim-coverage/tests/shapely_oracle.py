"""Reads one WKT polygon a line and prints what GEOS says of them as a coverage: valid or not, and the number of gaps."""
import sys

try:
    import shapely
except ImportError:
    print("absent")
    sys.exit(0)

if not hasattr(shapely, "coverage_is_valid"):
    print("absent")
    sys.exit(0)

polygons = shapely.from_wkt([line.strip() for line in sys.stdin if line.strip()])
union = shapely.coverage_union_all(polygons)
holes = sum(len(part.interiors) for part in shapely.get_parts(union))
simple = bool(shapely.is_valid(polygons).all())
print("valid" if simple and bool(shapely.coverage_is_valid(polygons)) else "invalid", holes)
