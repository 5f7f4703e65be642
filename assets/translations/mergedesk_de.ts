<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About MergeDesk</source>
        <translation>Über MergeDesk</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>MergeDesk {version}</source>
        <translation>MergeDesk {version}</translation>
    </message>
    <message>
        <source>Folds a PEFT adapter into its base model and proves that the result is right.</source>
        <translation>Verschmilzt einen PEFT-Adapter mit seinem Basismodell und beweist, dass das Ergebnis stimmt.</translation>
    </message>
    <message>
        <source>&amp;Licences…</source>
        <translation>&amp;Lizenzen …</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics</source>
        <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
        <source>Versions, this computer and the last error, for whoever helps you</source>
        <translation>Versionen, dieser Rechner und der letzte Fehler, für alle, die Ihnen helfen</translation>
    </message>
    <message>
        <source>MergeDesk is licensed under Apache-2.0.</source>
        <translation>MergeDesk steht unter der Lizenz Apache-2.0.</translation>
    </message>
</context>
<context>
    <name>ActionBar</name>
    <message>
        <source>Others…</source>
        <translation>Andere …</translation>
    </message>
</context>
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
    <name>AnswerCard</name>
    <message>
        <source>Answer: {model}</source>
        <translation>Antwort: {model}</translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation>Diese Antwort kopieren</translation>
    </message>
    <message>
        <source>Copy the answer: {model}</source>
        <translation>Die Antwort kopieren: {model}</translation>
    </message>
</context>
<context>
    <name>AnswersPanel</name>
    <message>
        <source>Copy all as Markdown</source>
        <translation>Alles als Markdown kopieren</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>Wartet, bis es an der Reihe ist</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Beantwortet</translation>
    </message>
    <message>
        <source>Not asked: it was stopped before.</source>
        <translation>Nicht gefragt: Vorher wurde angehalten.</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {heading}</source>
        <translation>Kopieren: {heading}</translation>
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
    <name>Commands</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>Bearbe&amp;iten</translation>
    </message>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Verifizieren</translation>
    </message>
    <message>
        <source>Choose &amp;merged model…</source>
        <translation>V&amp;erschmolzenes Modell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;output folder…</source>
        <translation>&amp;Ergebnisordner wählen …</translation>
    </message>
    <message>
        <source>&amp;Before verifying</source>
        <translation>V&amp;or dem Verifizieren</translation>
    </message>
    <message>
        <source>&amp;Before the merge</source>
        <translation>V&amp;or dem Verschmelzen</translation>
    </message>
    <message>
        <source>Choose &amp;base model…</source>
        <translation>&amp;Basismodell wählen …</translation>
    </message>
    <message>
        <source>Choose &amp;adapter…</source>
        <translation>&amp;Adapter wählen …</translation>
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
        <source>Open &amp;merged folder</source>
        <translation>&amp;Verschmolzenen Ordner öffnen</translation>
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
        <source>&amp;Past merges…</source>
        <translation>&amp;Frühere Verschmelzungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
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
        <source>Turn to mer&amp;ging</source>
        <translation>Zum &amp;Verschmelzen wechseln</translation>
    </message>
    <message>
        <source>Turn to verif&amp;ying a merge</source>
        <translation>Zum V&amp;erifizieren wechseln</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>&amp;Ergebnis</translation>
    </message>
    <message>
        <source>&amp;Effect</source>
        <translation>&amp;Wirkung</translation>
    </message>
    <message>
        <source>Try &amp;it</source>
        <translation>Aus&amp;probieren</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Benutzen</translation>
    </message>
    <message>
        <source>&amp;How merging works</source>
        <translation>&amp;Wie das Verschmelzen geht</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics…</source>
        <translation>&amp;Diagnose kopieren …</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
    <message>
        <source>L&amp;icences…</source>
        <translation>&amp;Lizenzen …</translation>
    </message>
    <message>
        <source>&amp;About MergeDesk</source>
        <translation>Ü&amp;ber MergeDesk</translation>
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
    <name>CrashDialog</name>
    <message>
        <source>Errors since then: {count}</source>
        <translation>Weitere Fehler seither: {count}</translation>
    </message>
    <message>
        <source>Show &amp;log folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <source>MergeDesk crashed</source>
        <translation>MergeDesk ist abgestürzt</translation>
    </message>
    <message>
        <source>MergeDesk ended unexpectedly the last time.</source>
        <translation>MergeDesk wurde beim letzten Mal unerwartet beendet.</translation>
    </message>
    <message>
        <source>Nothing half-written took the name of an output folder. If it happens again, please report it with the text below: nothing personal is in it.</source>
        <translation>Nichts halb Geschriebenes hat den Namen eines Ergebnisordners bekommen. Sollte es wieder geschehen, melden Sie es bitte mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
    <message>
        <source>MergeDesk was ended</source>
        <translation>MergeDesk wurde beendet</translation>
    </message>
    <message>
        <source>MergeDesk was ended from outside the last time, while it was at work.</source>
        <translation>MergeDesk wurde beim letzten Mal von außen beendet, während es arbeitete.</translation>
    </message>
    <message>
        <source>The system does that when memory runs out; if so, close other programs first, or use a computer with more memory. What a merge had written until then lies hidden beside its output folder; the next merge into that removes it.</source>
        <translation>Das System tut das, wenn der Arbeitsspeicher ausgeht; schließen Sie in dem Fall zuerst andere Programme oder nehmen Sie einen Rechner mit mehr Speicher. Was eine Verschmelzung bis dahin geschrieben hatte, liegt versteckt neben ihrem Ergebnisordner; die nächste Verschmelzung dorthin räumt es weg.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>The job stopped because of a fault in MergeDesk or a library. Nothing was kept.</source>
        <translation>Der Vorgang endete wegen eines Fehlers in MergeDesk oder einer Bibliothek. Nichts davon blieb zurück.</translation>
    </message>
    <message>
        <source>Base and adapters are as they were. Please report this with the text below: nothing personal is in it.</source>
        <translation>Basis und Adapter sind, wie sie waren. Bitte melden Sie dies mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
    <message>
        <source>Something went wrong in the window that should not have.</source>
        <translation>Im Fenster ist etwas schiefgegangen, das nicht geschehen dürfte.</translation>
    </message>
    <message>
        <source>You can go on; if the window behaves oddly from here on, close it and open it again. Please report this with the text below: nothing personal is in it.</source>
        <translation>Sie können weiterarbeiten; verhält sich das Fenster von jetzt an seltsam, schließen und öffnen Sie es neu. Bitte melden Sie dies mit dem Text unten: Er enthält nichts Persönliches.</translation>
    </message>
</context>
<context>
    <name>DemoCard</name>
    <message>
        <source>Try the &amp;demo</source>
        <translation>De&amp;mo ausprobieren</translation>
    </message>
    <message>
        <source>Nothing at hand?</source>
        <translation>Nichts zur Hand?</translation>
    </message>
    <message>
        <source>The adapter is filled in. Its base model is not on this computer, and MergeDesk fetches nothing from the network: download {name} (270 MB) from huggingface.co, then choose its folder as the base model.</source>
        <translation>Der Adapter ist eingetragen. Sein Basismodell ist nicht auf diesem Rechner, und MergeDesk holt nichts aus dem Netz: Laden Sie {name} (270 MB) von huggingface.co herunter und wählen Sie dann den Ordner als Basismodell.</translation>
    </message>
    <message>
        <source>Merge a small model and an adapter that makes it speak like a ship&apos;s captain.</source>
        <translation>Verschmelzen Sie ein kleines Modell mit einem Adapter, der es wie einen Schiffskapitän reden lässt.</translation>
    </message>
</context>
<context>
    <name>DemoController</name>
    <message>
        <source>Looking for the demo&apos;s model…</source>
        <translation>Das Modell der Demo wird gesucht …</translation>
    </message>
    <message>
        <source>Unpacking the demo&apos;s model; this takes up to a minute…</source>
        <translation>Das Modell der Demo wird entpackt; das dauert bis zu einer Minute …</translation>
    </message>
</context>
<context>
    <name>DeployController</name>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>Geschrieben: {path}</translation>
    </message>
    <message>
        <source>There is a Modelfile already</source>
        <translation>Es gibt schon ein Modelfile</translation>
    </message>
    <message>
        <source>Replace the Modelfile that is there?</source>
        <translation>Das vorhandene Modelfile ersetzen?</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>DeployPage</name>
    <message>
        <source>Tools</source>
        <translation>Programme</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Der Ordner wird angesehen …</translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation>Was angesehen wurde</translation>
    </message>
    <message>
        <source>The Modelfile</source>
        <translation>Das Modelfile</translation>
    </message>
    <message>
        <source>Write a Modelfile</source>
        <translation>Modelfile schreiben</translation>
    </message>
    <message>
        <source>Saves this text as “Modelfile” in the merged folder.</source>
        <translation>Speichert diesen Text als „Modelfile“ im verschmolzenen Ordner.</translation>
    </message>
    <message>
        <source>Load it in Python.</source>
        <translation>In Python laden.</translation>
    </message>
    <message>
        <source>Serve it to many at once.</source>
        <translation>Für viele zugleich bereitstellen.</translation>
    </message>
    <message>
        <source>Run it on this computer, from the command line.</source>
        <translation>Auf diesem Rechner ausführen, in der Befehlszeile.</translation>
    </message>
    <message>
        <source>Run it on this computer, in a window.</source>
        <translation>Auf diesem Rechner ausführen, in einem Fenster.</translation>
    </message>
    <message>
        <source>Convert it to GGUF, and run it nearly anywhere.</source>
        <translation>In GGUF umwandeln und fast überall ausführen.</translation>
    </message>
    <message>
        <source>The verification found that this folder is not the merge it should be. Put that right first.</source>
        <translation>Das Verifizieren ergab, dass dieser Ordner nicht die Verschmelzung ist, die er sein soll. Das zuerst in Ordnung bringen.</translation>
    </message>
    <message>
        <source>Use the merged model</source>
        <translation>Das verschmolzene Modell benutzen</translation>
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
    <name>DescribeMerged</name>
    <message>
        <source>Save the model that merge_and_unload() returns: saved from a PeftModel, only the adapter is written.</source>
        <translation>Das Modell speichern, das merge_and_unload() zurückgibt: Aus einem PeftModel gespeichert, wird nur der Adapter geschrieben.</translation>
    </message>
    <message>
        <source>Only an adapter, not a merged model</source>
        <translation>Nur ein Adapter, kein verschmolzenes Modell</translation>
    </message>
    <message>
        <source>This folder holds no merged model. Choose the one with its config.json and weights.</source>
        <translation>Dieser Ordner enthält kein verschmolzenes Modell. Den wählen, in dem seine config.json und die Gewichte liegen.</translation>
    </message>
    <message>
        <source>This is the base itself. Choose the folder that the merged model was saved in.</source>
        <translation>Das ist die Basis selbst. Den Ordner wählen, in den das verschmolzene Modell gespeichert wurde.</translation>
    </message>
    <message>
        <source>This is the adapter itself. Choose the folder that the merged model was saved in.</source>
        <translation>Das ist der Adapter selbst. Den Ordner wählen, in den das verschmolzene Modell gespeichert wurde.</translation>
    </message>
</context>
<context>
    <name>DiagnosticsBox</name>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>Diagnose &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Speichern unter …</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}.</source>
        <translation>Die Datei konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Gathering…</source>
        <translation>Wird zusammengestellt …</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>For whoever helps you: versions, this computer, and the last error. Paths, names of folders, and the names of user and computer are left out.</source>
        <translation>Für alle, die Ihnen helfen: Versionen, dieser Rechner und der letzte Fehler. Pfade, Ordnernamen und die Namen von Benutzer und Rechner sind ausgelassen.</translation>
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
        <source>A verification is running</source>
        <translation>Es wird gerade verifiziert</translation>
    </message>
    <message>
        <source>A verification is running. Cancel it and quit?</source>
        <translation>Es wird gerade verifiziert. Abbrechen und beenden?</translation>
    </message>
    <message>
        <source>Cancel verification and quit</source>
        <translation>Abbrechen und beenden</translation>
    </message>
    <message>
        <source>Keep verifying</source>
        <translation>Weiter verifizieren</translation>
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
        <source>Why it is verified</source>
        <translation>Warum verifiziert wird</translation>
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
    <name>Effect</name>
    <message>
        <source>Relative change</source>
        <translation>Relativ</translation>
    </message>
    <message>
        <source>The size of the change relative to the size of the weights: ‖ΔW‖ / ‖W‖</source>
        <translation>Die Größe der Änderung im Verhältnis zur Größe der Gewichte: ‖ΔW‖ / ‖W‖</translation>
    </message>
    <message>
        <source>Largest change</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>The largest change of a single weight: the largest |ΔW|</source>
        <translation>Die größte Änderung eines einzelnen Gewichts: das größte |ΔW|</translation>
    </message>
    <message>
        <source>Rounded away</source>
        <translation>Weggerundet</translation>
    </message>
    <message>
        <source>The share of the change that rounding to the written precision takes away</source>
        <translation>Der Anteil der Änderung, den das Runden auf die geschriebene Genauigkeit wegnimmt</translation>
    </message>
    <message>
        <source>Unchanged weights</source>
        <translation>Unverändert</translation>
    </message>
    <message>
        <source>The share of weights whose change is too small for the written precision</source>
        <translation>Der Anteil der Gewichte, deren Änderung für die geschriebene Genauigkeit zu klein ist</translation>
    </message>
    <message>
        <source>No module in a layer changes measurably.</source>
        <translation>Kein Modul in einer Schicht ändert sich messbar.</translation>
    </message>
    <message>
        <source>The adapter changes layer {layer}&apos;s {kind} most: by {share} % of its weights&apos; size.</source>
        <translation>Am meisten ändert der Adapter {kind} in Schicht {layer}: um {share} % der Größe der Gewichte.</translation>
    </message>
    <message>
        <source>Attention and MLP change about alike: by {more} % and {less} %.</source>
        <translation>Attention und MLP ändern sich etwa gleich stark: um {more} % und {less} %.</translation>
    </message>
    <message>
        <source>Attention changes more than the MLP: by {more} % against {less} %.</source>
        <translation>Die Attention ändert sich mehr als das MLP: um {more} % gegenüber {less} %.</translation>
    </message>
    <message>
        <source>The MLP changes more than attention: by {more} % against {less} %.</source>
        <translation>Das MLP ändert sich mehr als die Attention: um {more} % gegenüber {less} %.</translation>
    </message>
    <message>
        <source>Rounding keeps {kept} % of the change.</source>
        <translation>Nach dem Runden bleiben {kept} % der Änderung.</translation>
    </message>
    <message>
        <source>{precision} keeps {kept} % of this adapter&apos;s effect; others would keep: {others}.</source>
        <translation>{precision} erhält {kept} % der Wirkung dieses Adapters; andere erhielten: {others}.</translation>
    </message>
    <message>
        <source>{place}: the adapter does not change it.</source>
        <translation>{place}: Der Adapter ändert hier nichts.</translation>
    </message>
    <message>
        <source>changes by {share} % of its weights&apos; size</source>
        <translation>ändert sich um {share} % der Größe seiner Gewichte</translation>
    </message>
    <message>
        <source>a single weight by {largest} at most</source>
        <translation>ein einzelnes Gewicht um höchstens {largest}</translation>
    </message>
    <message>
        <source>{precision} keeps {kept} %</source>
        <translation>{precision} erhält {kept} %</translation>
    </message>
    <message>
        <source>{kept} % is kept</source>
        <translation>{kept} % bleiben erhalten</translation>
    </message>
    <message>
        <source>rounding leaves {share} % of the weights as they were</source>
        <translation>das Runden lässt {share} % der Gewichte, wie sie waren</translation>
    </message>
    <message>
        <source>{count} experts together; one by one from {low} % to {high} %.</source>
        <translation>{count} Experten zusammen; einzeln von {low} % bis {high} %.</translation>
    </message>
    <message>
        <source>Layer {layer}, expert {expert}, {kind}</source>
        <translation>Schicht {layer}, Experte {expert}, {kind}</translation>
    </message>
    <message>
        <source>Layer {layer}, {kind}</source>
        <translation>Schicht {layer}, {kind}</translation>
    </message>
</context>
<context>
    <name>EffectPage</name>
    <message>
        <source>The arrow keys and the mouse move over the map.</source>
        <translation>Pfeiltasten und Maus führen über die Karte.</translation>
    </message>
    <message>
        <source>Layers, or the experts of one</source>
        <translation>Schichten, oder die Experten von einer</translation>
    </message>
    <message>
        <source>Heat map of layers and modules</source>
        <translation>Karte der Schichten und Module</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>Experts of layer {layer}</source>
        <translation>Experten von Schicht {layer}</translation>
    </message>
    <message>
        <source>And {count} more; the report names them all.</source>
        <translation>Und {count} mehr; der Bericht nennt sie alle.</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>Outside of the layers</source>
        <translation>Außerhalb der Schichten</translation>
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
    <name>Headline</name>
    <message>
        <source>Merged and verified</source>
        <translation>Verschmolzen und verifiziert</translation>
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
        <translation>Verschmolzen und verifiziert, mit Anmerkungen</translation>
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
    <name>HistoryController</name>
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
        <source>&amp;Verify this merge</source>
        <translation>Diese Verschmelzung &amp;verifizieren</translation>
    </message>
    <message>
        <source>Compare the merged folder with base and adapters as they are now</source>
        <translation>Den verschmolzenen Ordner mit Basis und Adaptern vergleichen, wie sie jetzt sind</translation>
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
    <name>JudgedPanel</name>
    <message>
        <source>Peak memory</source>
        <translation>Höchster Speicher</translation>
    </message>
    <message>
        <source>With the libraries</source>
        <translation>Mit den Bibliotheken</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Werke</translation>
    </message>
    <message>
        <source>Licence text</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <source>Reading the licences…</source>
        <translation>Die Lizenzen werden gelesen …</translation>
    </message>
    <message>
        <source>This work brings no licence text.</source>
        <translation>Diesem Werk liegt kein Lizenztext bei.</translation>
    </message>
    <message>
        <source>MergeDesk is under the Apache License 2.0. What it is built on is under licences of its own; Qt and PySide6 are used under the LGPL 3.</source>
        <translation>MergeDesk steht unter der Apache-Lizenz 2.0. Worauf es aufbaut, steht unter eigenen Lizenzen; Qt und PySide6 werden unter der LGPL 3 benutzt.</translation>
    </message>
</context>
<context>
    <name>LookingAfter</name>
    <message>
        <source>The settings come from a newer MergeDesk.</source>
        <translation>Die Einstellungen stammen von einem neueren MergeDesk.</translation>
    </message>
    <message>
        <source>What this version understands of them is used, and nothing in them is changed.</source>
        <translation>Was diese Version davon versteht, wird benutzt, und nichts daran wird geändert.</translation>
    </message>
    <message>
        <source>The settings could not be read, so MergeDesk starts as if new.</source>
        <translation>Die Einstellungen waren nicht zu lesen, darum beginnt MergeDesk wie neu.</translation>
    </message>
    <message>
        <source>The unreadable file was kept beside the new one, with “unreadable” in its name.</source>
        <translation>Die unlesbare Datei liegt noch neben der neuen, mit „unreadable“ im Namen.</translation>
    </message>
    <message>
        <source>The settings can neither be read nor put aside.</source>
        <translation>Die Einstellungen lassen sich weder lesen noch beiseitelegen.</translation>
    </message>
    <message>
        <source>MergeDesk works, but does not remember your choices until that is put right.</source>
        <translation>MergeDesk arbeitet, merkt sich aber Ihre Eingaben nicht, bis das behoben ist.</translation>
    </message>
</context>
<context>
    <name>MeasurementCard</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
</context>
<context>
    <name>MeasurementsPanel</name>
    <message>
        <source>Compare logits</source>
        <translation>Logits vergleichen</translation>
    </message>
    <message>
        <source>Runs a few prompts, yours among them, through all three models and compares what each gives every possible next token: this tells a real difference from rounding.</source>
        <translation>Schickt einige Prompts, auch den eigenen, durch alle drei Modelle und vergleicht, was jedes jedem möglichen nächsten Token gibt: Das unterscheidet echte Abweichungen von Rundung.</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>Tempo messen</translation>
    </message>
    <message>
        <source>Lets the unmerged and the merged model answer in turn, several times, and takes the middle values.</source>
        <translation>Lässt das unverschmolzene und das verschmolzene Modell mehrmals abwechselnd antworten und nimmt die mittleren Werte.</translation>
    </message>
</context>
<context>
    <name>MergeController</name>
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
        <translation>Verifizieren</translation>
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
        <translation>Das Ergebnis wird verifiziert</translation>
    </message>
    <message>
        <source>Publishing the folder</source>
        <translation>Der Ordner wird freigegeben</translation>
    </message>
</context>
<context>
    <name>ModeSwitch</name>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Verschmelzen</translation>
    </message>
    <message>
        <source>Fold adapters into a base model</source>
        <translation>Adapter mit einem Basismodell verschmelzen</translation>
    </message>
    <message>
        <source>Verify an existing merge</source>
        <translation>Verifizieren</translation>
    </message>
    <message>
        <source>Prove or refute a merge that any tool made</source>
        <translation>Eine Verschmelzung beweisen oder widerlegen, gleich welches Programm sie gemacht hat</translation>
    </message>
</context>
<context>
    <name>ModuleTable</name>
    <message>
        <source>Search the tensors</source>
        <translation>Die Tensoren durchsuchen</translation>
    </message>
    <message>
        <source>Show those that are right as well</source>
        <translation>Auch die richtigen zeigen</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of the adapter not as they should be</source>
        <translation>
            <numerusform>%n Tensor des Adapters ist nicht, wie er sein soll</numerusform>
            <numerusform>%n Tensoren des Adapters sind nicht, wie sie sein sollen</numerusform>
        </translation>
    </message>
    <message>
        <source>Every tensor of the adapter is as it should be</source>
        <translation>Jeder Tensor des Adapters ist, wie er sein soll</translation>
    </message>
    <message>
        <source>{shown} of the adapter&apos;s {total} tensors shown</source>
        <translation>{shown} von {total} Tensoren des Adapters gezeigt</translation>
    </message>
    <message>
        <source>Tensors of the adapter</source>
        <translation>Tensoren des Adapters</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>Faktor</translation>
    </message>
    <message>
        <source>How many times the adapter&apos;s change was added; right is 1</source>
        <translation>Wie oft die Änderung des Adapters addiert wurde; richtig ist 1</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>The size of the adapter&apos;s change, relative to the base&apos;s weight</source>
        <translation>Die Größe der Änderung durch den Adapter, im Verhältnis zum Gewicht der Basis</translation>
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
    <name>OutcomePage</name>
    <message>
        <source>Merge again</source>
        <translation>Noch einmal verschmelzen</translation>
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
    <name>OutputField</name>
    <message>
        <source>&amp;Replace what is in this folder</source>
        <translation>Er&amp;setzen, was in diesem Ordner ist</translation>
    </message>
    <message>
        <source>The old content stays until the new model is verified.</source>
        <translation>Der alte Inhalt bleibt, bis das neue Modell verifiziert ist.</translation>
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
        <translation>Das Ergebnis wird als einfaches {name} geladen und verifiziert. Erst dann bekommt es seinen Namen.</translation>
    </message>
</context>
<context>
    <name>PlaygroundController</name>
    <message>
        <source>A trial is running. Stop it or wait for its end.</source>
        <translation>Ein Versuch läuft. Ihn anhalten oder sein Ende abwarten.</translation>
    </message>
    <message>
        <source>Choose at least one model to answer.</source>
        <translation>Mindestens ein Modell wählen, das antworten soll.</translation>
    </message>
    <message>
        <source>Type a prompt first.</source>
        <translation>Zuerst einen Prompt eingeben.</translation>
    </message>
    <message>
        <source>There is no merge to try out yet.</source>
        <translation>Noch gibt es keine Verschmelzung zum Testen.</translation>
    </message>
    <message>
        <source>A trial is running.</source>
        <translation>Ein Versuch läuft.</translation>
    </message>
    <message>
        <source>Wait until what is running has ended.</source>
        <translation>Abwarten, bis zu Ende ist, was gerade läuft.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
</context>
<context>
    <name>PreflightPanel</name>
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
        <source>Ready to verify</source>
        <translation>Bereit zum Verifizieren</translation>
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
        <source>Merged size</source>
        <translation>Größe des Modells</translation>
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
    <name>Progress</name>
    <message>
        <source>Getting ready</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>Comparing the weights</source>
        <translation>Die Gewichte werden verglichen</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
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
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>All folders are only read. After cancelling there is no verdict, and nothing else changes.</source>
        <translation>Alle Ordner werden nur gelesen. Nach einem Abbruch gibt es kein Urteil, und sonst ändert sich nichts.</translation>
    </message>
    <message>
        <source>The output takes its name only once it is verified. Cancelling leaves nothing behind.</source>
        <translation>Das Ergebnis bekommt seinen Namen erst, wenn es verifiziert ist. Ein Abbruch lässt nichts zurück.</translation>
    </message>
</context>
<context>
    <name>PromptCard</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Ask what the adapter was trained for</source>
        <translation>Etwas fragen, wofür der Adapter trainiert wurde</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
    <message>
        <source>Answer (Ctrl+Enter)</source>
        <translation>Antworten (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>Prompts used last, and a few examples</source>
        <translation>Zuletzt benutzte Prompts und einige Beispiele</translation>
    </message>
    <message>
        <source>Wraps the base you chose; merge_and_unload() then gives the plain model.</source>
        <translation>Umhüllt die gewählte Basis; merge_and_unload() ergibt danach das einfache Modell.</translation>
    </message>
    <message>
        <source>Reads the base&apos;s path from adapter_config.json; stays unmerged, without merge_and_unload().</source>
        <translation>Liest den Pfad der Basis aus adapter_config.json; bleibt unverschmolzen, ohne merge_and_unload().</translation>
    </message>
    <message>
        <source>How the unmerged side is loaded</source>
        <translation>Wie die unverschmolzene Seite geladen wird</translation>
    </message>
    <message>
        <source>Each model as it is stored.</source>
        <translation>Jedes Modell, wie es gespeichert ist.</translation>
    </message>
    <message>
        <source>Hardly any rounding; slower, and takes more memory.</source>
        <translation>Fast keine Rundung; langsamer, und braucht mehr Speicher.</translation>
    </message>
    <message>
        <source>As stored</source>
        <translation>Wie gespeichert</translation>
    </message>
    <message>
        <source>Calculated in</source>
        <translation>Gerechnet in</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>Längste Antwort, in Token</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>Es antworten</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>In tokens; it may end before.</source>
        <translation>In Token; sie kann früher enden.</translation>
    </message>
</context>
<context>
    <name>ProvenanceSuggestions</name>
    <message>
        <source>Fill them in</source>
        <translation>Eintragen</translation>
    </message>
    <message>
        <source>Its report says what it was made of, and here are: {names}.</source>
        <translation>Ihr Bericht sagt, woraus sie gemacht wurde, und hier sind: {names}.</translation>
    </message>
    <message>
        <source>Not found: {names}.</source>
        <translation>Nicht gefunden: {names}.</translation>
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
        <source>Ready to verify.</source>
        <translation>Bereit zum Verifizieren.</translation>
    </message>
    <message>
        <source>A verification is running.</source>
        <translation>Es wird gerade verifiziert.</translation>
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
    <message>
        <source>Choose the merged model to verify.</source>
        <translation>Das verschmolzene Modell wählen, das verifiziert werden soll.</translation>
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
    <name>RemarksView</name>
    <message>
        <source>Something in the folder breaks here</source>
        <translation>Etwas in dem Ordner scheitert hier</translation>
    </message>
    <message>
        <source>Works, as far as the files tell, with something to mind</source>
        <translation>Geht, soweit die Dateien es sagen; etwas ist zu beachten</translation>
    </message>
    <message>
        <source>Nothing stands against it; one thing only the tool can tell</source>
        <translation>Nichts spricht dagegen; eines kann nur das Programm selbst sagen</translation>
    </message>
    <message>
        <source>Nothing stands against it</source>
        <translation>Nichts spricht dagegen</translation>
    </message>
    <message>
        <source>Not for this kind of model</source>
        <translation>Nicht für diese Art Modell</translation>
    </message>
</context>
<context>
    <name>ReportActions</name>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
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
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Before verifying</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>Wirkung</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Benutzen</translation>
    </message>
</context>
<context>
    <name>SaveDocument</name>
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
        <source>The file could not be saved: {reason}.</source>
        <translation>Die Datei konnte nicht gespeichert werden: {reason}.</translation>
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
    <name>StartBar</name>
    <message>
        <source>&amp;Merge</source>
        <translation>Ver&amp;schmelzen</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Verifizieren</translation>
    </message>
</context>
<context>
    <name>SupportController</name>
    <message>
        <source>The log folder could not be shown.</source>
        <translation>Der Protokollordner konnte nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>The logs are in {path}</source>
        <translation>Die Protokolle liegen in {path}</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Merged against unmerged</source>
        <translation>Verschmolzen gegen unverschmolzen</translation>
    </message>
    <message>
        <source>Merged against base</source>
        <translation>Verschmolzen gegen Basis</translation>
    </message>
    <message>
        <source>Unmerged against base</source>
        <translation>Unverschmolzen gegen Basis</translation>
    </message>
    <message>
        <source>What rounding alone does</source>
        <translation>Was Rundung allein ausmacht</translation>
    </message>
    <message>
        <source>The merged model answers {ratio} × as fast: {merged} tokens/s instead of {unmerged}.</source>
        <translation>Das verschmolzene Modell antwortet {ratio}-mal so schnell: {merged} Token/s statt {unmerged}.</translation>
    </message>
    <message>
        <source>Both are equally fast here: {merged} tokens/s merged, {unmerged} unmerged.</source>
        <translation>Beide sind hier gleich schnell: {merged} Token/s verschmolzen, {unmerged} unverschmolzen.</translation>
    </message>
    <message>
        <source>The merged model was slower here, {merged} tokens/s instead of {unmerged}. Something else may have kept the computer busy: measure again.</source>
        <translation>Das verschmolzene Modell war hier langsamer, {merged} Token/s statt {unmerged}. Vielleicht war der Rechner anderweitig beschäftigt: noch einmal messen.</translation>
    </message>
    <message numerus="yes">
        <source>%n round(s)</source>
        <translation>
            <numerusform>%n Runde</numerusform>
            <numerusform>%n Runden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>a prompt of %n token(s)</source>
        <translation>
            <numerusform>einem Prompt von %n Token</numerusform>
            <numerusform>einem Prompt von %n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>{rounds} with {prompt}; for want of memory the models were loaded one at a time.</source>
        <translation>{rounds} mit {prompt}; aus Mangel an Speicher wurden die Modelle einzeln geladen.</translation>
    </message>
    <message>
        <source>{rounds} with {prompt}, both models loaded throughout.</source>
        <translation>{rounds} mit {prompt}, beide Modelle die ganze Zeit geladen.</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Base + adapter, unmerged</source>
        <translation>Basis + Adapter, unverschmolzen</translation>
    </message>
    <message>
        <source>Merged</source>
        <translation>Verschmolzen</translation>
    </message>
    <message>
        <source>The model as it was before, without the adapter.</source>
        <translation>Das Modell, wie es vorher war, ohne den Adapter.</translation>
    </message>
    <message>
        <source>The adapter beside the base: its part is calculated anew at every step.</source>
        <translation>Der Adapter neben der Basis: Sein Teil wird bei jedem Schritt neu berechnet.</translation>
    </message>
    <message>
        <source>The folder that the merge made: a plain model.</source>
        <translation>Der Ordner, der beim Verschmelzen entstand: ein einfaches Modell.</translation>
    </message>
    <message>
        <source>Needs {needed} of {free} free; the models are loaded one at a time.</source>
        <translation>Braucht {needed}, frei sind {free}; die Modelle werden einzeln geladen.</translation>
    </message>
    <message>
        <source>Needs {needed} of {free} free.</source>
        <translation>Braucht {needed}, frei sind {free}.</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Wird verglichen</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>In {time}</source>
        <translation>In {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} Token/s</translation>
    </message>
    <message>
        <source>Merged and unmerged first differ at token {number}, marked below. Rounding can do that; “Compare logits” tells whether it is more.</source>
        <translation>Verschmolzen und unverschmolzen unterscheiden sich zuerst bei Token {number}, unten markiert. Das kann Rundung sein; „Logits vergleichen“ sagt, ob es mehr ist.</translation>
    </message>
    <message>
        <source>Merged and unmerged give different vectors: their cosine is {cosine}.</source>
        <translation>Verschmolzen und unverschmolzen ergeben verschiedene Vektoren: Ihr Kosinus ist {cosine}.</translation>
    </message>
    <message>
        <source>Merged and unmerged differ by up to {points} percentage points.</source>
        <translation>Verschmolzen und unverschmolzen unterscheiden sich um bis zu {points} Prozentpunkte.</translation>
    </message>
    <message numerus="yes">
        <source>Merged and unmerged gave the same %n token(s).</source>
        <translation>
            <numerusform>Verschmolzen und unverschmolzen gaben dasselbe %n Token.</numerusform>
            <numerusform>Verschmolzen und unverschmolzen gaben dieselben %n Token.</numerusform>
        </translation>
    </message>
    <message>
        <source>Merged and unmerged give the same vector.</source>
        <translation>Verschmolzen und unverschmolzen ergeben denselben Vektor.</translation>
    </message>
    <message>
        <source>Merged and unmerged give the same scores.</source>
        <translation>Verschmolzen und unverschmolzen ergeben dieselben Werte.</translation>
    </message>
    <message>
        <source>The base answers just the same here: ask about something that the adapter was trained for.</source>
        <translation>Die Basis antwortet hier genauso: etwas fragen, wofür der Adapter trainiert wurde.</translation>
    </message>
    <message>
        <source>The base answers differently from token {number} on: that is what the adapter does.</source>
        <translation>Die Basis antwortet ab Token {number} anders: Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>The base gives another vector (cosine {cosine}): that is what the adapter does.</source>
        <translation>Die Basis ergibt einen anderen Vektor (Kosinus {cosine}): Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>The base differs by up to {points} percentage points: that is what the adapter does.</source>
        <translation>Die Basis weicht um bis zu {points} Prozentpunkte ab: Das ist, was der Adapter bewirkt.</translation>
    </message>
    <message>
        <source>first after {time}</source>
        <translation>erstes nach {time}</translation>
    </message>
    <message>
        <source>ended by itself</source>
        <translation>von selbst beendet</translation>
    </message>
    <message>
        <source>cut off at the longest answer</source>
        <translation>bei der längsten Antwort abgeschnitten</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
</context>
<context>
    <name>TrialTables</name>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Scores of every model</source>
        <translation>Werte aller Modelle</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>Verglichen</translation>
    </message>
    <message>
        <source>Largest
|Δ|</source>
        <translation>Größtes
|Δ|</translation>
    </message>
    <message>
        <source>Same first
choice</source>
        <translation>Gleiche
erste Wahl</translation>
    </message>
    <message>
        <source>Logits compared</source>
        <translation>Vergleich der Logits</translation>
    </message>
    <message>
        <source>KL,
mean</source>
        <translation>KL,
Mittel</translation>
    </message>
    <message>
        <source>Relative,
mean</source>
        <translation>Relativ,
Mittel</translation>
    </message>
    <message>
        <source>KL,
most</source>
        <translation>KL,
höchstens</translation>
    </message>
    <message>
        <source>Relative,
most</source>
        <translation>Relativ,
höchstens</translation>
    </message>
    <message>
        <source>The Kullback-Leibler divergence of the two models&apos; probabilities, in nats</source>
        <translation>Die Kullback-Leibler-Divergenz der Wahrscheinlichkeiten beider Modelle, in Nats</translation>
    </message>
    <message>
        <source>The squared difference of the outputs, as a share of the outputs squared</source>
        <translation>Die quadrierte Differenz der Ausgaben, als Anteil der quadrierten Ausgaben</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>First token
after</source>
        <translation>Erstes Token
nach</translation>
    </message>
    <message>
        <source>Speeds measured</source>
        <translation>Gemessenes Tempo</translation>
    </message>
</context>
<context>
    <name>Tryout</name>
    <message>
        <source>Explain in two sentences what a neural network is.</source>
        <translation>Erkläre in zwei Sätzen, was ein neuronales Netz ist.</translation>
    </message>
    <message>
        <source>Write a short poem about the sea.</source>
        <translation>Schreibe ein kurzes Gedicht über das Meer.</translation>
    </message>
    <message>
        <source>List three things to do on a rainy day.</source>
        <translation>Nenne drei Dinge, die man an einem Regentag tun kann.</translation>
    </message>
</context>
<context>
    <name>VerdictActions</name>
    <message>
        <source>Save verdict</source>
        <translation>Urteil speichern</translation>
    </message>
    <message>
        <source>Copied to the clipboard.</source>
        <translation>In die Zwischenablage kopiert.</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>What was compared</source>
        <translation>Was verglichen wurde</translation>
    </message>
    <message>
        <source>{merged}, compared with {sum}</source>
        <translation>{merged}, verglichen mit {sum}</translation>
    </message>
    <message>
        <source>{right} of {total}</source>
        <translation>{right} von {total}</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Adapter&apos;s tensors right</source>
        <translation>Tensoren richtig</translation>
    </message>
    <message>
        <source>Tensors compared</source>
        <translation>Tensoren verglichen</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Folder&apos;s kind</source>
        <translation>Art des Ordners</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
    </message>
    <message>
        <source>Compare every value of every tensor, not samples</source>
        <translation>Jeden Wert von jedem Tensor vergleichen, nicht nur Stichproben</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Save verd&amp;ict…</source>
        <translation>Urteil s&amp;peichern …</translation>
    </message>
    <message>
        <source>Cop&amp;y reason</source>
        <translation>Grund kopi&amp;eren</translation>
    </message>
    <message>
        <source>Merge a&amp;new</source>
        <translation>Neu verschmel&amp;zen</translation>
    </message>
    <message>
        <source>Turn to Merge with the same base and adapters</source>
        <translation>Zum Verschmelzen wechseln, mit derselben Basis und denselben Adaptern</translation>
    </message>
</context>
<context>
    <name>VerdictText</name>
    <message>
        <source>Mismatch</source>
        <translation>Stimmt nicht überein</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>Stimmt überein</translation>
    </message>
    <message>
        <source>Match, with a remark</source>
        <translation>Stimmt überein, mit Anmerkung</translation>
    </message>
    <message>
        <source>This folder is not the merge of this base and these adapters.</source>
        <translation>Dieser Ordner ist nicht die Verschmelzung dieser Basis mit diesen Adaptern.</translation>
    </message>
    <message>
        <source>Samples of every tensor were compared. Verifying everything compares every value as well.</source>
        <translation>Stichproben aus jedem Tensor wurden verglichen. Alles zu verifizieren vergleicht auch jeden Wert.</translation>
    </message>
    <message>
        <source>Could not be verified</source>
        <translation>Konnte nicht verifiziert werden</translation>
    </message>
    <message>
        <source>The verification failed</source>
        <translation>Das Verifizieren ist misslungen</translation>
    </message>
    <message>
        <source>Every value of every tensor was compared.</source>
        <translation>Jeder Wert von jedem Tensor wurde verglichen.</translation>
    </message>
    <message>
        <source>This folder holds no model that can be compared.</source>
        <translation>Dieser Ordner enthält kein Modell, das sich vergleichen lässt.</translation>
    </message>
    <message>
        <source>There is no verdict. The folders are as they were.</source>
        <translation>Es gibt kein Urteil. Die Ordner sind, wie sie waren.</translation>
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
        <source>What was verified</source>
        <translation>Was verifiziert wurde</translation>
    </message>
    <message>
        <source>Verify every&amp;thing</source>
        <translation>Alles veri&amp;fizieren</translation>
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
    <message>
        <source>Compare every value of the merged folder with base and adapters; so far it was samples</source>
        <translation>Jeden Wert des verschmolzenen Ordners mit Basis und Adaptern vergleichen; bisher waren es Stichproben</translation>
    </message>
</context>
<context>
    <name>VerifyController</name>
    <message>
        <source>{verdict}, found in {time}.</source>
        <translation>{verdict}, ermittelt in {time}.</translation>
    </message>
    <message>
        <source>Cancelled. There is no verdict of this verification.</source>
        <translation>Abgebrochen. Zu diesem Verifizieren gibt es kein Urteil.</translation>
    </message>
</context>
<context>
    <name>VerifyInputs</name>
    <message>
        <source>How m&amp;uch to read</source>
        <translation>&amp;Umfang</translation>
    </message>
    <message>
        <source>How to verify</source>
        <translation>Art des Verifizierens</translation>
    </message>
    <message>
        <source>Me&amp;rged model to verify</source>
        <translation>Zu verifizierendes Mode&amp;ll</translation>
    </message>
    <message>
        <source>Folder that some tool saved a merge in</source>
        <translation>Ordner, in den irgendein Programm eine Verschmelzung gespeichert hat</translation>
    </message>
    <message>
        <source>Choose the merged model&apos;s folder</source>
        <translation>Ordner des verschmolzenen Modells wählen</translation>
    </message>
    <message>
        <source>About 65,000 values of every tensor, from four places in it; smaller tensors whole. What is wrong elsewhere in a large tensor it can miss.</source>
        <translation>Etwa 65&#x202f;000 Werte von jedem Tensor, von vier Stellen darin; kleinere Tensoren ganz. Was anderswo in einem großen Tensor falsch ist, kann dabei entgehen.</translation>
    </message>
    <message>
        <source>Every value of every tensor: base, adapters and merged model are read whole.</source>
        <translation>Jeder Wert von jedem Tensor: Basis, Adapter und verschmolzenes Modell werden ganz gelesen.</translation>
    </message>
    <message>
        <source>Quick: samples</source>
        <translation>Schnell: Stichproben</translation>
    </message>
    <message>
        <source>Full: everything</source>
        <translation>Vollständig: alles</translation>
    </message>
</context>
<context>
    <name>VerifyPlanCard</name>
    <message>
        <source>What Verify will do</source>
        <translation>Was beim Verifizieren geschehen wird</translation>
    </message>
    <message>
        <source>Reads samples of every tensor of all folders. Nothing is loaded, changed or written.</source>
        <translation>Liest Stichproben aus jedem Tensor aller Ordner. Nichts wird geladen, verändert oder geschrieben.</translation>
    </message>
    <message>
        <source>Reads every value of all folders, tensor by tensor. Nothing is loaded, changed or written.</source>
        <translation>Liest jeden Wert aller Ordner, Tensor für Tensor. Nichts wird geladen, verändert oder geschrieben.</translation>
    </message>
    <message>
        <source>Says whether they match, and if not, why: in a sentence, and tensor by tensor in a table.</source>
        <translation>Sagt, ob sie zusammenpassen, und wenn nicht, warum: in einem Satz, und Tensor für Tensor in einer Tabelle.</translation>
    </message>
    <message>
        <source>Asks whether {merged} is {sum}.</source>
        <translation>Fragt, ob {merged} die Summe {sum} ist.</translation>
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
        <translation>Verschmelzen und lesen, was verifiziert wurde</translation>
    </message>
    <message>
        <source>Choose the merged model</source>
        <translation>Das verschmolzene Modell wählen</translation>
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
        <source>Prove or refute a merge</source>
        <translation>Eine Verschmelzung beweisen oder widerlegen</translation>
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
        <source>The folder that any tool saved the merge in. Verify then says whether it is base plus adapter, and if not, what it is instead: the unmodified base, the adapter twice, half of its modules… All folders are only read.</source>
        <translation>Der Ordner, in den irgendein Programm die Verschmelzung gespeichert hat. Das Verifizieren sagt dann, ob er Basis plus Adapter ist, und wenn nicht, was er stattdessen ist: die unveränderte Basis, der Adapter doppelt, nur die Hälfte der Module … Alle Ordner werden nur gelesen.</translation>
    </message>
    <message>
        <source>The merged model is written next to the adapter and takes its name only after it was verified: plain class, every tensor as planned, nothing lost. Base and adapter stay as they are.</source>
        <translation>Das verschmolzene Modell wird neben den Adapter geschrieben und bekommt seinen Namen erst, wenn es verifiziert ist: einfache Klasse, jeder Tensor wie geplant, nichts verloren. Basis und Adapter bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>WelcomeStep</name>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>zu tun</translation>
    </message>
</context>
</TS>
