// The panels of the vendor's road: compilers are listed and examined, scripts are written with help.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "convert/ledger_model.h"
#include "vendor/alls_completion.h"
#include "vendor/alls_editor.h"
#include "vendor/script_dialog.h"
#include "vendor/toolchain_panel.h"

#include <QCompleter>
#include <QAbstractItemView>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace hefstudio;
using namespace hefstudio::gui;

class VendorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { isolateSettings(); }
    void completionKnowsThePlace();
    void editorRemarksAndGoesThere();
    void editorCompletesAsOneTypes();
    void scriptIsSavedWhole();
    void panelSaysWhatIsMissing();
    void panelListsAndForgets();
    void namesAreTextNotMarkup();

private:
    static HostMachine machine()
    {
        return {.architecture = "x86_64",
                .cpuFlags = {"avx"},
                .memoryGb = 8,
                .variables = {{"USER", "me"}, {"HOME", "/home/me"}},
                .gpus = {},
                .freeGb = [](const std::filesystem::path &) { return 200.0; },
                .hasProgram = [](const std::string &) { return true; },
                .isWritable = [](const std::filesystem::path &) { return true; }};
    }
};

void VendorTest::completionKnowsThePlace()
{
    const auto words = [](const char *before) {
        QStringList list;
        for (const auto &each : completeAlls(before).words)
            list << QString::fromStdString(each.word);
        return list;
    };
    QCOMPARE(words("resou"), QStringList{QStringLiteral("resources_param")});
    QVERIFY(words("resources_param(max_c").contains(QStringLiteral("max_control_utilization=")));
    QVERIFY(words("post_quantization_optimization(ad").contains(QStringLiteral("adaround")));
    QVERIFY(words("x = post_quantization_optimization(adaround, ep")
                .contains(QStringLiteral("epochs=")));
    QVERIFY(words("# resou").isEmpty());
    QVERIFY(words("allocator_param(timeout=").isEmpty());
    QVERIFY(words("quantization_param([conv1, pre").isEmpty());
    QVERIFY(words("a(1)\nresou").contains(QStringLiteral("resources_param")));
}

void VendorTest::editorRemarksAndGoesThere()
{
    AllsEditor editor;
    QSignalSpy checked(&editor, &AllsEditor::checked);
    editor.setText(QStringLiteral("set_seed(seed=5)\noptimization_level(1)\n"));
    QCOMPARE(checked.count(), 1);
    QCOMPARE(editor.findings().size(), std::size_t(1));
    auto *list = find<QListWidget>(&editor, QStringLiteral("allsFindings"));
    QVERIFY(list->item(0)->text().startsWith(QStringLiteral("Line 2")));
    Q_EMIT list->itemClicked(list->item(0));
    auto *text = find<QPlainTextEdit>(&editor, QStringLiteral("allsText"));
    QCOMPARE(text->textCursor().blockNumber(), 1);
    editor.setText(QStringLiteral("set_seed(seed=5"));
    QVERIFY(!editor.findings().empty());
    editor.setText(QStringLiteral("set_seed(seed=5)\n"));
    QVERIFY(editor.findings().empty());
    QVERIFY(!list->isVisibleTo(&editor));
}

void VendorTest::editorCompletesAsOneTypes()
{
    AllsEditor editor;
    editor.show();
    auto *text = find<QPlainTextEdit>(&editor, QStringLiteral("allsText"));
    text->setFocus();
    QTest::keyClicks(text, QStringLiteral("resou"));
    auto *completer = editor.findChild<QCompleter *>();
    QTRY_VERIFY(completer->popup()->isVisible());
    Q_EMIT completer->activated(QStringLiteral("resources_param"));
    QCOMPARE(editor.text(), QStringLiteral("resources_param"));
}

void VendorTest::scriptIsSavedWhole()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("own.alls"));
    ScriptDialog dialog(file);
    dialog.show();
    dialog.editor()->setText(QStringLiteral("# mine\nallocator_param(timeout=5h)\n"
                                            "quantization_param({conv*}, precision_mode=a16_w16)\n"
                                            "optimization_level(1)\n"));
    saveScreenshot(dialog, QStringLiteral("script-editor"));
    QVERIFY(dialog.save());
    QFile saved(file);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(saved.readAll()), dialog.editor()->text());
    ScriptDialog nowhere(folder.filePath(QStringLiteral("absent/own.alls")));
    QVERIFY(!nowhere.save());
}

void VendorTest::panelSaysWhatIsMissing()
{
    QTemporaryDir folder;
    ToolchainPanel panel(folder.filePath(QStringLiteral("list.json")).toStdString(), machine);
    panel.resize(680, 560);
    panel.show();
    QSignalSpy examined(&panel, &ToolchainPanel::examined);
    panel.examine();
    QTRY_COMPARE_WITH_TIMEOUT(examined.count(), 1, 60000);
    QCOMPARE(examined.front().front().toBool(), false);
    QVERIFY(!panel.isBusy());
    QVERIFY(find<QLabel>(&panel, QStringLiteral("fineChecks"))
                ->text()
                .contains(QStringLiteral("avx")));
    saveScreenshot(panel, QStringLiteral("toolchains"));
}

void VendorTest::panelListsAndForgets()
{
    QTemporaryDir folder;
    const std::filesystem::path file =
        folder.filePath(QStringLiteral("list.json")).toStdString();
    Toolchain toolchain;
    toolchain.name = "mine";
    toolchain.python = folder.filePath(QStringLiteral("absent/python")).toStdString();
    toolchain.compilerVersion = "3.33.0";
    QVERIFY(writeToolchains(file, {toolchain}).has_value());
    ToolchainPanel panel(file, machine);
    auto *list = find<QListWidget>(&panel, QStringLiteral("toolchains"));
    QCOMPARE(list->count(), 1);
    QVERIFY(list->item(0)->text().contains(QStringLiteral("3.33.0")));
    QVERIFY(list->item(0)->text().contains(QStringLiteral("hailo8l")));
    list->setCurrentRow(0);
    QSignalSpy changed(&panel, &ToolchainPanel::changed);
    click(find<QPushButton>(&panel, QStringLiteral("removeToolchain")));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(list->count(), 0);
    QVERIFY(readToolchains(file)->empty());
    // One that is no compiler does not get in.
    panel.addEnvironment(QStringLiteral("/bin/false"));
    QTRY_VERIFY_WITH_TIMEOUT(!panel.isBusy(), 60000);
    QCOMPARE(list->count(), 0);
}

// Names come from files and from what other programs say.
void VendorTest::namesAreTextNotMarkup()
{
    QTemporaryDir folder;
    ToolchainPanel panel(folder.filePath(QStringLiteral("list.json")).toStdString(), machine);
    panel.addEnvironment(QStringLiteral("/<img src=x><b>bold</b>"));
    QTRY_VERIFY_WITH_TIMEOUT(!panel.isBusy(), 60000);
    LedgerModel ledger;
    ledger.add({"<b>a</b>", "x", "y", "<img src=\"file:///etc/passwd\">"});
    const QString tip =
        ledger.index(0, LedgerModel::WhyColumn).data(Qt::ToolTipRole).toString();
    QVERIFY2(!tip.contains(QStringLiteral("<img")), qPrintable(tip));
    QVERIFY(tip.contains(QStringLiteral("&lt;img")));
    for (const QLabel *label : panel.findChildren<QLabel *>())
        QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(QLatin1Char('<')),
                 qPrintable(label->text()));
}

QTEST_MAIN(VendorTest)
#include "tst_vendor.moc"
