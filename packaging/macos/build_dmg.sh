#!/usr/bin/env bash
# Makes dist/MergeDesk-VERSION-ARCH.dmg from dist/MergeDesk.app. Runs on macOS only.
#
# With MACOS_IDENTITY ("Developer ID Application: …") everything is signed for the hardened runtime; with NOTARY_PROFILE
# (made by `xcrun notarytool store-credentials`) as well, Apple is asked to notarise it. Without them the image is
# signed for this machine only, and people open it by the context menu's "Open" the first time.
set -euo pipefail
cd "$(dirname "$0")/../.."

app=dist/MergeDesk.app
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' core/mergedesk/runtime/version.py)
image=dist/MergeDesk-$version-$(uname -m).dmg
identity=${MACOS_IDENTITY:--}
entitlements=packaging/macos/entitlements.plist
options=(--force --sign "$identity")
if [ "$identity" != - ]; then
  options+=(--options runtime --timestamp)
fi

# From the inside out: a signature covers what is beneath it. Not --deep, which gives every file the program's rights.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
  xargs -0 codesign "${options[@]}"
find "$app/Contents/Frameworks" -type d -name '*.framework' -prune -print0 2>/dev/null |
  xargs -0 -r codesign "${options[@]}"
find "$app/Contents" -type f -path '*/bin/*' -perm +111 -print0 | xargs -0 -r codesign "${options[@]}"
codesign "${options[@]}" --entitlements "$entitlements" "$app"
codesign --verify --strict --deep "$app"

staging=build/dmg
rm -rf "$staging" "$image"
mkdir -p "$staging"
ditto "$app" "$staging/MergeDesk.app"
ln -s /Applications "$staging/Applications"
hdiutil create -volname MergeDesk -srcfolder "$staging" -format ULMO -ov "$image"
codesign --force --sign "$identity" "$image"

if [ "$identity" != - ] && [ -n "${NOTARY_PROFILE:-}" ]; then
  xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$image"
  spctl --assess --type open --context context:primary-signature "$image"
fi
echo "$image"
