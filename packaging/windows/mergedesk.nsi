; Installs MergeDesk for the person who runs it: no administrator, nothing outside the person's own folders.
; Makes: makensis /DVERSION=0.1.0 /DPAYLOAD=..\..\dist\mergedesk /DOUTFILE=..\..\dist\mergedesk-0.1.0-setup.exe mergedesk.nsi

Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestDPIAware true

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

!ifndef VERSION
  !error "Say which version this is: /DVERSION=0.1.0"
!endif
!ifndef PAYLOAD
  !define PAYLOAD "../../dist/mergedesk"
!endif
!ifndef OUTFILE
  !define OUTFILE "../../dist/mergedesk-${VERSION}-setup.exe"
!endif

!define APP "MergeDesk"
!define PROGRAM "mergedesk-window.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define OPEN_WITH "Software\Classes\Directory\shell\${APP}"

Name "${APP}"
OutFile "${OUTFILE}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "Software\${APP}" "Folder"
BrandingText "${APP} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${APP} installer"
VIAddVersionKey "LegalCopyright" "The MergeDesk contributors, Apache License 2.0"

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "../../LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString STILL_OPEN ${LANG_ENGLISH} "MergeDesk is still running. Close it, then try again."
LangString STILL_OPEN ${LANG_GERMAN} "MergeDesk läuft noch. Schließen Sie es und versuchen Sie es dann noch einmal."
LangString STILL_OPEN ${LANG_SIMPCHINESE} "MergeDesk 仍在运行。请先关闭它，然后再试一次。"
LangString FOREIGN ${LANG_ENGLISH} "This folder holds other files. Choose an empty folder, or the one that MergeDesk is in."
LangString FOREIGN ${LANG_GERMAN} "In diesem Ordner liegen andere Dateien. Wählen Sie einen leeren Ordner oder den von MergeDesk."
LangString FOREIGN ${LANG_SIMPCHINESE} "此文件夹中有其他文件。请选择空文件夹，或 MergeDesk 所在的文件夹。"
LangString OPEN_WITH_APP ${LANG_ENGLISH} "Open with MergeDesk"
LangString OPEN_WITH_APP ${LANG_GERMAN} "Mit MergeDesk öffnen"
LangString OPEN_WITH_APP ${LANG_SIMPCHINESE} "用 MergeDesk 打开"

; A program that runs cannot be renamed over: asking for its file to be written tells whether it does.
!macro REFUSE_WHILE_OPEN FILE
  ${If} ${FileExists} "${FILE}"
    ClearErrors
    FileOpen $0 "${FILE}" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(STILL_OPEN)" /SD IDOK
      SetErrorLevel 2
      Abort
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; Only a folder that is empty, or is this program's own, is ever cleared.
!macro EMPTY_OWN_FOLDER
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\mergedesk.exe"
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\uninstall.exe"
  ${EndIf}
!macroend

Section "${APP}"
  !insertmacro REFUSE_WHILE_OPEN "$INSTDIR\mergedesk.exe"
  !insertmacro REFUSE_WHILE_OPEN "$INSTDIR\${PROGRAM}"
  ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
    ${DirState} "$INSTDIR" $0
    ${If} $0 == 1
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(FOREIGN)" /SD IDOK
      SetErrorLevel 2
      Abort
    ${EndIf}
  ${EndIf}
  ; An upgrade takes the place of what was there, so that no module of the old version stays behind.
  !insertmacro EMPTY_OWN_FOLDER
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "Software\${APP}" "Folder" "$INSTDIR"
  ; In the menu of every folder.
  WriteRegStr HKCU "${OPEN_WITH}" "" "$(OPEN_WITH_APP)"
  WriteRegStr HKCU "${OPEN_WITH}" "Icon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${OPEN_WITH}\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The MergeDesk contributors"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section "Uninstall"
  !insertmacro REFUSE_WHILE_OPEN "$INSTDIR\mergedesk.exe"
  !insertmacro REFUSE_WHILE_OPEN "$INSTDIR\${PROGRAM}"
  !insertmacro EMPTY_OWN_FOLDER
  RMDir "$INSTDIR"
  RMDir "$LOCALAPPDATA\Programs" ; not while anything else is in it
  Delete "$SMPROGRAMS\${APP}.lnk"
  DeleteRegKey HKCU "${OPEN_WITH}"
  DeleteRegKey HKCU "${UNINSTALL}"
  ; What the window remembers stays, as on the other systems.
  DeleteRegValue HKCU "Software\${APP}" "Folder"
  DeleteRegKey /ifempty HKCU "Software\${APP}"
SectionEnd
