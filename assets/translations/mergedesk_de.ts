<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AdapterList</name>
    <message>
        <source>Add another adapter</source>
        <translation>Weiteren Adapter hinzufügen</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} ist wieder da.</translation>
    </message>
    <message>
        <source>Adapter {number} of {count}</source>
        <translation>Adapter {number} von {count}</translation>
    </message>
    <message>
        <source>&amp;Adapters</source>
        <translation>&amp;Adapter</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>{name} wurde entfernt.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>AdapterRow</name>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove this adapter</source>
        <translation>Diesen Adapter entfernen</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Adapter {number}</source>
        <translation>Adapter {number}</translation>
    </message>
    <message>
        <source>Strength of adapter {number}</source>
        <translation>Stärke von Adapter {number}</translation>
    </message>
</context>
<context>
    <name>Advanced</name>
    <message>
        <source>En&amp;gine</source>
        <translation>&amp;Verfahren</translation>
    </message>
    <message>
        <source>Maximum file size</source>
        <translation>Größte Datei</translation>
    </message>
    <message>
        <source>as in the base</source>
        <translation>wie in der Basis</translation>
    </message>
    <message>
        <source>For example 5GB, 500MB or 2GiB</source>
        <translation>Zum Beispiel 5GB, 500MB oder 2GiB</translation>
    </message>
    <message>
        <source>Maximum file si&amp;ze</source>
        <translation>Größte Da&amp;tei</translation>
    </message>
    <message>
        <source>Ad&amp;vanced</source>
        <translation>Er&amp;weitert</translation>
    </message>
    <message>
        <source>Weights are written to as many files as this needs. Empty: the same files as the base&apos;s.</source>
        <translation>Die Gewichte kommen in so viele Dateien, wie es dafür braucht. Leer: dieselben Dateien wie bei der Basis.</translation>
    </message>
    <message>
        <source>files of at most {size}</source>
        <translation>Dateien bis {size}</translation>
    </message>
    <message>
        <source>Streams wherever the adapter allows it.</source>
        <translation>Strömt, wo immer der Adapter es erlaubt.</translation>
    </message>
    <message>
        <source>Fast, in little memory: the model is never loaded.</source>
        <translation>Schnell und sparsam: Das Modell wird nie geladen.</translation>
    </message>
    <message>
        <source>PEFT&apos;s own code, layer by layer; for every method.</source>
        <translation>PEFTs eigener Code, Schicht für Schicht; für jede Methode.</translation>
    </message>
</context>
<context>
    <name>ChecksPanel</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>%n Problem ist vorher zu lösen</numerusform>
            <numerusform>%n Probleme sind vorher zu lösen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was changed. Each one below says what to do.</source>
        <translation>Nichts wurde verändert. Unten steht jeweils, was zu tun ist.</translation>
    </message>
    <message>
        <source>Looking at the folders…</source>
        <translation>Die Ordner werden angesehen …</translation>
    </message>
    <message>
        <source>Found out from the files&apos; headers; no weight was read yet.</source>
        <translation>Den Köpfen der Dateien entnommen; noch wurde kein Gewicht gelesen.</translation>
    </message>
    <message numerus="yes">
        <source>Ready, with %n thing(s) to weigh</source>
        <translation>
            <numerusform>Bereit, mit %n Hinweis zum Abwägen</numerusform>
            <numerusform>Bereit, mit %n Hinweisen zum Abwägen</numerusform>
        </translation>
    </message>
    <message>
        <source>Ready to merge</source>
        <translation>Bereit zum Verschmelzen</translation>
    </message>
    <message>
        <source>{matched} of {targeted}</source>
        <translation>{matched} von {targeted}</translation>
    </message>
    <message>
        <source>Modules matched</source>
        <translation>Module zugeordnet</translation>
    </message>
    <message>
        <source>Base size</source>
        <translation>Größe der Basis</translation>
    </message>
    <message>
        <source>Output size</source>
        <translation>Größe des Ergebnisses</translation>
    </message>
    <message>
        <source>Free space</source>
        <translation>Freier Platz</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Verfahren</translation>
    </message>
</context>
<context>
    <name>Describe</name>
    <message>
        <source>An adapter, not a full model</source>
        <translation>Ein Adapter, kein vollständiges Modell</translation>
    </message>
    <message>
        <source>The adapter was trained on {base}.</source>
        <translation>Der Adapter wurde auf {base} trainiert.</translation>
    </message>
    <message>
        <source>A full model, not an adapter</source>
        <translation>Ein vollständiges Modell, kein Adapter</translation>
    </message>
    <message>
        <source>no effect</source>
        <translation>ohne Wirkung</translation>
    </message>
    <message>
        <source>half</source>
        <translation>halb so stark</translation>
    </message>
    <message>
        <source>as trained</source>
        <translation>wie trainiert</translation>
    </message>
    <message>
        <source>double</source>
        <translation>doppelt</translation>
    </message>
    <message>
        <source>away from it</source>
        <translation>davon weg</translation>
    </message>
    <message>
        <source>weaker</source>
        <translation>schwächer</translation>
    </message>
    <message>
        <source>stronger</source>
        <translation>stärker</translation>
    </message>
    <message>
        <source>1 = as trained, 0.5 = half as strong, negative = away from it</source>
        <translation>1 = wie trainiert, 0.5 = halb so stark, negativ = davon weg</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n Zwischenstand</numerusform>
            <numerusform>%n Zwischenstände</numerusform>
        </translation>
    </message>
    <message>
        <source>A training run</source>
        <translation>Ein Trainingslauf</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Neither a model nor an adapter.</source>
        <translation>Weder ein Modell noch ein Adapter.</translation>
    </message>
    <message>
        <source>A GGUF file</source>
        <translation>Eine GGUF-Datei</translation>
    </message>
    <message>
        <source>A model</source>
        <translation>Ein Modell</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>{count} Parameter</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{method} adapter</source>
        <translation>{method}-Adapter</translation>
    </message>
    <message>
        <source>{method} adapter for {base}</source>
        <translation>{method}-Adapter für {base}</translation>
    </message>
    <message>
        <source>rank {r}</source>
        <translation>Rang {r}</translation>
    </message>
    <message>
        <source>alpha {alpha}</source>
        <translation>Alpha {alpha}</translation>
    </message>
    <message>
        <source>{matched} of {targeted} modules matched</source>
        <translation>{matched} von {targeted} Modulen zugeordnet</translation>
    </message>
    <message numerus="yes">
        <source>%n module(s)</source>
        <translation>
            <numerusform>%n Modul</numerusform>
            <numerusform>%n Module</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} will be written</source>
        <translation>{size} werden geschrieben</translation>
    </message>
    <message>
        <source>{size} will be written; {free} free</source>
        <translation>{size} werden geschrieben; {free} sind frei</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>A merge is running</source>
        <translation>Es wird gerade verschmolzen</translation>
    </message>
    <message>
        <source>A merge is running. Cancel it and quit?</source>
        <translation>Es wird gerade verschmolzen. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancelling leaves nothing behind.</source>
        <translation>Ein Abbruch lässt nichts zurück.</translation>
    </message>
    <message>
        <source>Cancel merge and quit</source>
        <translation>Abbrechen und beenden</translation>
    </message>
    <message>
        <source>Keep merging</source>
        <translation>Weiter verschmelzen</translation>
    </message>
    <message>
        <source>MergeDesk</source>
        <translation>MergeDesk</translation>
    </message>
    <message>
        <source>About MergeDesk</source>
        <translation>Über MergeDesk</translation>
    </message>
    <message>
        <source>MergeDesk {version}</source>
        <translation>MergeDesk {version}</translation>
    </message>
    <message>
        <source>Folds a PEFT adapter into its base model and proves that the result is right.

Licensed under Apache-2.0. Built with Qt {qt}.</source>
        <translation>Verschmilzt einen PEFT-Adapter mit seinem Basismodell und beweist, dass das Ergebnis stimmt.

Lizenz: Apache-2.0. Erstellt mit Qt {qt}.</translation>
    </message>
    <message>
        <source>How merging works</source>
        <translation>Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>What an adapter is</source>
        <translation>Was ein Adapter ist</translation>
    </message>
    <message>
        <source>Fine-tuning with LoRA leaves the model alone and trains small matrices beside it. They are saved as an adapter, which is useless without its base model.</source>
        <translation>Eine Feinabstimmung mit LoRA lässt das Modell, wie es ist, und trainiert kleine Matrizen daneben. Sie werden als Adapter gespeichert, der ohne sein Basismodell nichts nützt.</translation>
    </message>
    <message>
        <source>What merging does</source>
        <translation>Was beim Verschmelzen geschieht</translation>
    </message>
    <message>
        <source>It adds the adapter&apos;s change to the base&apos;s weights. The result is an ordinary model of the base&apos;s class: it needs no PEFT, and answers as fast as the base.</source>
        <translation>Die Änderung des Adapters wird zu den Gewichten der Basis addiert. Heraus kommt ein gewöhnliches Modell von der Klasse der Basis: Es braucht kein PEFT und antwortet so schnell wie die Basis.</translation>
    </message>
    <message>
        <source>Why it is checked</source>
        <translation>Warum geprüft wird</translation>
    </message>
    <message>
        <source>A merge can go wrong in silence: half the modules unmatched, the unmerged model saved, precision lost. So the result is loaded and compared before its folder gets its name.</source>
        <translation>Verschmelzen kann stillschweigend misslingen: Die Hälfte der Module passt nicht, gespeichert wird das unverschmolzene Modell, Genauigkeit geht verloren. Darum wird das Ergebnis geladen und verglichen, bevor sein Ordner den Namen bekommt.</translation>
    </message>
</context>
<context>
    <name>DragHandle</name>
    <message>
        <source>Drag to change the order (Alt+Up and Alt+Down do the same)</source>
        <translation>Ziehen ändert die Reihenfolge (ebenso Alt+Auf und Alt+Ab)</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop the folders anywhere</source>
        <translation>Ordner irgendwo ablegen</translation>
    </message>
    <message>
        <source>Model or adapter: each goes to its own field.</source>
        <translation>Modell oder Adapter: Jeder Ordner kommt in sein Feld.</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Show details</source>
        <translation>Einzelheiten zeigen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Einzelheiten verbergen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Looking…</source>
        <translation>Wird angesehen …</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>Zuletzt benutzte Ordner</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>&amp;Precision</source>
        <translation>&amp;Genauigkeit</translation>
    </message>
    <message>
        <source>How to merge</source>
        <translation>Art der Verschmelzung</translation>
    </message>
    <message>
        <source>&amp;Base model</source>
        <translation>&amp;Basismodell</translation>
    </message>
    <message>
        <source>Folder with config.json and weights</source>
        <translation>Ordner mit config.json und Gewichten</translation>
    </message>
    <message>
        <source>Choose the base model&apos;s folder</source>
        <translation>Ordner des Basismodells wählen</translation>
    </message>
    <message>
        <source>&amp;Adapter</source>
        <translation>&amp;Adapter</translation>
    </message>
    <message>
        <source>Folder with adapter_config.json</source>
        <translation>Ordner mit adapter_config.json</translation>
    </message>
    <message>
        <source>Choose the adapter&apos;s folder</source>
        <translation>Ordner des Adapters wählen</translation>
    </message>
    <message>
        <source>Merged &amp;output</source>
        <translation>E&amp;rgebnis</translation>
    </message>
    <message>
        <source>Proposed once both are chosen</source>
        <translation>Wird vorgeschlagen, sobald beide gewählt sind</translation>
    </message>
    <message>
        <source>Choose where the merged model goes</source>
        <translation>Ordner für das verschmolzene Modell wählen</translation>
    </message>
    <message>
        <source>Every tensor keeps its own type.</source>
        <translation>Jeder Tensor behält seinen Typ.</translation>
    </message>
    <message>
        <source>Exact, and twice the size of 16 bits.</source>
        <translation>Genau, und doppelt so groß wie 16 Bit.</translation>
    </message>
    <message>
        <source>16 bits with float32&apos;s range; the usual choice.</source>
        <translation>16 Bit mit dem Wertebereich von float32; das Übliche.</translation>
    </message>
    <message>
        <source>16 bits, finer but with a smaller range.</source>
        <translation>16 Bit, feiner, aber mit kleinerem Wertebereich.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON-Dateien (*.json)</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>The system offers no file manager.</source>
        <translation>Das System bietet keine Dateiverwaltung an.</translation>
    </message>
    <message>
        <source>The merged model is in {path}</source>
        <translation>Das verschmolzene Modell liegt in {path}</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The report could not be saved: {reason}.</source>
        <translation>Der Bericht konnte nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>Choose another folder, one you may write to.</source>
        <translation>Einen anderen Ordner wählen, in den geschrieben werden darf.</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
</context>
<context>
    <name>MergeFlow</name>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>{verdict} in {time}.</source>
        <translation>{verdict} in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was left behind.</source>
        <translation>Abgebrochen. Nichts blieb zurück.</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>“{typed}” is not a size; write it like 5GB, 500MB or 2GiB.</source>
        <translation>„{typed}“ ist keine Größe; richtig wäre zum Beispiel 5GB, 500MB oder 2GiB.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Anmerkung</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Durchgefallen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Entfällt</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Planen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Verschmelzen</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Nachweisen</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Checking the folders</source>
        <translation>Die Ordner werden geprüft</translation>
    </message>
    <message>
        <source>Planning every tensor</source>
        <translation>Jeder Tensor wird geplant</translation>
    </message>
    <message>
        <source>Merging the weights</source>
        <translation>Die Gewichte werden verschmolzen</translation>
    </message>
    <message>
        <source>Verifying the result</source>
        <translation>Das Ergebnis wird nachgewiesen</translation>
    </message>
    <message>
        <source>Publishing the folder</source>
        <translation>Der Ordner wird freigegeben</translation>
    </message>
</context>
<context>
    <name>OfferBar</name>
    <message>
        <source>Others…</source>
        <translation>Andere …</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>These two are the wrong way round.</source>
        <translation>Diese beiden sind vertauscht.</translation>
    </message>
    <message>
        <source>An adapter belongs in the field below.</source>
        <translation>Ein Adapter gehört in das Feld darunter.</translation>
    </message>
    <message>
        <source>A model belongs in the field above.</source>
        <translation>Ein Modell gehört in das Feld darüber.</translation>
    </message>
    <message>
        <source>The adapter&apos;s base is on this computer: {path}</source>
        <translation>Die Basis des Adapters ist auf diesem Rechner: {path}</translation>
    </message>
    <message>
        <source>Choose one of the checkpoints in it.</source>
        <translation>Einen der Zwischenstände darin wählen.</translation>
    </message>
    <message>
        <source>Swap them</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Move it there</source>
        <translation>Dorthin verschieben</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>{name} nehmen</translation>
    </message>
</context>
<context>
    <name>OutputField</name>
    <message>
        <source>&amp;Replace what is in this folder</source>
        <translation>Er&amp;setzen, was in diesem Ordner ist</translation>
    </message>
    <message>
        <source>The old content stays until the new model is verified.</source>
        <translation>Der alte Inhalt bleibt, bis das neue Modell nachgewiesen ist.</translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message>
        <source>What Merge will do</source>
        <translation>Was beim Verschmelzen geschehen wird</translation>
    </message>
    <message>
        <source>Adds {adapters} to {name}. These folders are only read and stay as they are.</source>
        <translation>Addiert {adapters} zu {name}. Diese Ordner werden nur gelesen und bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Writes {size} into a hidden folder on the same disk as {folder}.</source>
        <translation>{size} werden in einen versteckten Ordner auf demselben Datenträger wie {folder} geschrieben.</translation>
    </message>
    <message>
        <source>Proves the result by loading it as a plain {name}. Only then it gets its name.</source>
        <translation>Das Ergebnis wird als einfaches {name} geladen und nachgewiesen. Erst dann bekommt es seinen Namen.</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Wird vorbereitet</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>The output takes its name only once it is verified. Cancelling leaves nothing behind.</source>
        <translation>Das Ergebnis bekommt seinen Namen erst nach dem Nachweis. Ein Abbruch lässt nichts zurück.</translation>
    </message>
</context>
<context>
    <name>Readiness</name>
    <message>
        <source>A merge is running.</source>
        <translation>Es wird gerade verschmolzen.</translation>
    </message>
    <message>
        <source>This is merged. Change something to merge again.</source>
        <translation>Das ist verschmolzen. Für eine weitere Verschmelzung etwas ändern.</translation>
    </message>
    <message>
        <source>Looking at the folders…</source>
        <translation>Die Ordner werden angesehen …</translation>
    </message>
    <message>
        <source>Ready to merge.</source>
        <translation>Bereit zum Verschmelzen.</translation>
    </message>
    <message>
        <source>Choose a base model and an adapter.</source>
        <translation>Ein Basismodell und einen Adapter wählen.</translation>
    </message>
    <message>
        <source>Choose the base model.</source>
        <translation>Das Basismodell wählen.</translation>
    </message>
    <message>
        <source>Choose the adapter.</source>
        <translation>Den Adapter wählen.</translation>
    </message>
    <message numerus="yes">
        <source>(and %n other problem(s))</source>
        <translation>
            <numerusform>(und %n weiteres Problem)</numerusform>
            <numerusform>(und %n weitere Probleme)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>No recent folders</source>
        <translation>Noch keine Ordner benutzt</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
</context>
<context>
    <name>ReportTables</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Files of the result</source>
        <translation>Dateien des Ergebnisses</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was sich zeigte</translation>
    </message>
    <message>
        <source>Verification checks</source>
        <translation>Prüfungen des Ergebnisses</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Before the merge</source>
        <translation>Vor dem Verschmelzen</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Nothing was left behind. Base and adapter are as they were.</source>
        <translation>Nichts blieb zurück. Basis und Adapter sind, wie sie waren.</translation>
    </message>
</context>
<context>
    <name>StartBar</name>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
</context>
<context>
    <name>Step</name>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>zu tun</translation>
    </message>
</context>
<context>
    <name>Verdict</name>
    <message>
        <source>Merged and verified</source>
        <translation>Verschmolzen und nachgewiesen</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) passed.</source>
        <translation>
            <numerusform>%n Prüfung bestanden.</numerusform>
            <numerusform>%n Prüfungen bestanden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Merged and verified, with remarks</source>
        <translation>Verschmolzen und nachgewiesen, mit Anmerkungen</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) with a remark.</source>
        <translation>
            <numerusform>%n Prüfung mit Anmerkung.</numerusform>
            <numerusform>%n Prüfungen mit Anmerkung.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) failed</source>
        <translation>
            <numerusform>%n Prüfung nicht bestanden</numerusform>
            <numerusform>%n Prüfungen nicht bestanden</numerusform>
        </translation>
    </message>
    <message>
        <source>The result was not published. Base and adapter are unchanged.</source>
        <translation>Das Ergebnis wurde nicht freigegeben. Basis und Adapter sind unverändert.</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>No file was changed.</source>
        <translation>Keine Datei wurde verändert.</translation>
    </message>
    <message>
        <source>The merge failed</source>
        <translation>Das Verschmelzen ist misslungen</translation>
    </message>
    <message>
        <source>Nothing was left behind.</source>
        <translation>Nichts blieb zurück.</translation>
    </message>
</context>
<context>
    <name>VerificationPanel</name>
    <message>
        <source>The class was {before} and is now {after}.</source>
        <translation>Die Klasse war {before} und ist jetzt {after}.</translation>
    </message>
    <message>
        <source>{matched} of {targeted}</source>
        <translation>{matched} von {targeted}</translation>
    </message>
    <message>
        <source>{merged} of {total}</source>
        <translation>{merged} von {total}</translation>
    </message>
    <message>
        <source>Modules merged</source>
        <translation>Module verschmolzen</translation>
    </message>
    <message>
        <source>Tensors changed</source>
        <translation>Tensoren geändert</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Höchster Speicher</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{files}, {size} in all</source>
        <translation>{files}, zusammen {size}</translation>
    </message>
    <message>
        <source>What was checked</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>Open fol&amp;der</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>Bericht s&amp;peichern …</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>PEFT-&amp;Code kopieren</translation>
    </message>
    <message>
        <source>The same merge as a Python script with PEFT</source>
        <translation>Dieselbe Verschmelzung als Python-Skript mit PEFT</translation>
    </message>
</context>
<context>
    <name>WelcomePanel</name>
    <message>
        <source>Choose the base model</source>
        <translation>Das Basismodell wählen</translation>
    </message>
    <message>
        <source>Choose the adapter</source>
        <translation>Den Adapter wählen</translation>
    </message>
    <message>
        <source>Merge and read the proof</source>
        <translation>Verschmelzen und den Nachweis lesen</translation>
    </message>
    <message>
        <source>Fold an adapter into its model</source>
        <translation>Einen Adapter mit seinem Modell verschmelzen</translation>
    </message>
    <message>
        <source>Folders can be dropped anywhere on this window.</source>
        <translation>Ordner können überall auf diesem Fenster abgelegt werden.</translation>
    </message>
    <message>
        <source>The full model the adapter was trained on: a folder with config.json and its weights.</source>
        <translation>Das vollständige Modell, auf dem der Adapter trainiert wurde: ein Ordner mit config.json und den Gewichten.</translation>
    </message>
    <message>
        <source>The LoRA or other PEFT adapter: a folder with adapter_config.json. If its base is already on this computer, it is found for you.</source>
        <translation>Der LoRA- oder ein anderer PEFT-Adapter: ein Ordner mit adapter_config.json. Ist seine Basis schon auf diesem Rechner, wird sie gefunden.</translation>
    </message>
    <message>
        <source>The merged model is written next to the adapter and takes its name only after it was checked: plain class, every tensor as planned, nothing lost. Base and adapter stay as they are.</source>
        <translation>Das verschmolzene Modell wird neben den Adapter geschrieben und bekommt seinen Namen erst nach der Prüfung: einfache Klasse, jeder Tensor wie geplant, nichts verloren. Basis und Adapter bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Choose &amp;base model…</source>
        <translation>&amp;Basismodell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;adapter…</source>
        <translation>&amp;Adapter wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;output folder…</source>
        <translation>&amp;Ergebnisordner wählen …</translation>
    </message>
    <message>
        <source>S&amp;wap base and adapter</source>
        <translation>Basis und Adapter &amp;tauschen</translation>
    </message>
    <message>
        <source>&amp;Look at the folders again</source>
        <translation>Ordner &amp;neu ansehen</translation>
    </message>
    <message>
        <source>&amp;Undo removing an adapter</source>
        <translation>Entfernen eines Adapters &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Add another adapter</source>
        <translation>Weiteren Adapter &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Move adapter u&amp;p</source>
        <translation>Adapter nach &amp;oben</translation>
    </message>
    <message>
        <source>Move adapter &amp;down</source>
        <translation>Adapter nach &amp;unten</translation>
    </message>
    <message>
        <source>&amp;Remove adapter</source>
        <translation>Adapter &amp;entfernen</translation>
    </message>
    <message>
        <source>Open &amp;merged folder</source>
        <translation>&amp;Verschmolzenen Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Save report…</source>
        <translation>Bericht &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Copy PEFT code</source>
        <translation>PEFT-&amp;Code kopieren</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Before the merge</source>
        <translation>V&amp;or dem Verschmelzen</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>&amp;Ergebnis</translation>
    </message>
    <message>
        <source>&amp;How merging works</source>
        <translation>&amp;Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>&amp;About MergeDesk</source>
        <translation>Ü&amp;ber MergeDesk</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>Bearbe&amp;iten</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
</context>
</TS>
