"""Reads a package's metadata with the vendors' own readers: PlatformIO's, ESP-IDF's and Kconfig's. Prints what they read."""

import json
import sys

import kconfiglib
from idf_component_tools.manager import ManifestManager
from platformio.package.manifest.parser import ManifestParserFactory
from platformio.package.manifest.schema import ManifestSchema

root = sys.argv[1]

# PlatformIO fetches the list of licences from the network. Of that list this package needs one.
ManifestSchema.load_spdx_licenses = staticmethod(lambda: {"licenses": [{"licenseId": "Apache-2.0"}]})


def platformio(name):
    read = ManifestParserFactory.new_from_file(f"{root}/{name}").as_dict()
    return ManifestSchema().load_manifest(read)


idf = ManifestManager(root, "car").load()
kconfig = kconfiglib.Kconfig(f"{root}/zephyr/Kconfig", warn_to_stderr=False)
print(
    json.dumps(
        {
            "platformio": {key: platformio("library.json").get(key) for key in ("name", "version", "headers")},
            "arduino": {key: platformio("library.properties").get(key) for key in ("name", "version")},
            "idf": {"version": str(idf.version), "dependencies": {k: str(v.version) for k, v in idf.dependencies.items()}},
            "kconfig": {"symbols": sorted(each.name for each in kconfig.unique_defined_syms), "warnings": kconfig.warnings},
        }
    )
)
