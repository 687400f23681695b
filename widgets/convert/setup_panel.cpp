// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/setup_panel.h"

#include "common/card.h"
#include "common/text_label.h"
#include "convert/path_field.h"
#include "common/files.h"
#include "convert/conversion_history.h"
#include "convert/picture_strip.h"
#include "convert/preflight_panel.h"
#include "convert/preset_card.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>

namespace hefstudio {

namespace {

// Item data is the converter's value; "custom" opens the field beside it.
constexpr QLatin1String customRange("custom");

QComboBox *makeCombo(const QString &name)
{
    auto *combo = new QComboBox;
    combo->setAccessibleName(name);
    combo->view()->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return combo;
}

} // namespace

SetupPanel::SetupPanel(Project &project, const ConversionHistory &history, QWidget *parent)
    : QScrollArea(parent), m_project(project), m_history(history),
      m_preflight(new PreflightPanel(project))
{
    setObjectName(QStringLiteral("setupPanel"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Settings of the conversion"));
    setFocusPolicy(Qt::NoFocus);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(makePresets());
    auto *pair = new QHBoxLayout;
    pair->setSpacing(12);
    pair->addWidget(makeCalibration(), 1);
    pair->addWidget(makeInput(), 1);
    column->addLayout(pair);
    auto *last = new QHBoxLayout;
    last->setSpacing(12);
    last->addWidget(makeOutput(), 1);
    last->addWidget(m_preflight, 1);
    column->addLayout(last);
    column->addStretch(1);
    m_column = column;
    setWidget(content);
    connect(m_preflight, &PreflightPanel::fixRequested, this, &SetupPanel::fixRequested);
    connect(m_preflight, &PreflightPanel::counted, this, [this](int samples) {
        m_samples = samples;
        showCosts();
    });
    connect(&m_history, &ConversionHistory::changed, this, &SetupPanel::showCosts);
    showProject();
    connect(&m_project, &Project::changed, this, &SetupPanel::showProject);
    connect(m_recipe, &QCheckBox::toggled, this, [this] { edited(tr("recipe")); });
    const auto onEdit = [this](const QString &what) { return [this, what] { edited(what); }; };
    connect(m_calibration, &PathField::pathChanged, this, onEdit(tr("calibration pictures")));
    connect(m_output, &PathField::pathChanged, this, onEdit(tr("output file")));
    connect(m_range, &QComboBox::currentIndexChanged, this, onEdit(tr("value range")));
    connect(m_normalize, &QLineEdit::textChanged, this, onEdit(tr("mean and deviation")));
    connect(m_color, &QComboBox::currentIndexChanged, this, onEdit(tr("colour order")));
    connect(m_resize, &QComboBox::currentIndexChanged, this, onEdit(tr("fit to the input")));
}

QWidget *SetupPanel::makePresets()
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    const auto add = [&](const char *name, PresetCard::Text text) {
        auto *card = new PresetCard(std::move(text));
        card->setObjectName(QStringLiteral("preset-") + QLatin1String(name));
        layout->addWidget(card, 1);
        connect(card, &PresetCard::clicked, this, [this] {
            edited(tr("Choose the preset"));
        });
        return card;
    };
    add("fast", {QStringLiteral("fast"), tr("Fast"), tr("8 bit everywhere"),
                 tr("Ranges chosen per tensor, equalised channels, corrected biases.")})
        ->setChecked(true);
    add("balanced", {QStringLiteral("balanced"), tr("Balanced"), tr("16 bit boxes, 8 bit elsewhere"),
                     tr("Weights rounded so that their errors cancel.")});
    add("accurate", {QStringLiteral("accurate"), tr("Accurate"),
                     tr("16 bit outputs and sensitive layers, 8 bit elsewhere"),
                     tr("The layers that suffer most from 8 bits are found and given 16.")});
    return row;
}

QWidget *SetupPanel::makeCalibration()
{
    auto *card = new Card(tr("CALIBRATION PICTURES"));
    auto *text = new TextLabel(tr("A folder of pictures like those the network will see; they set "
                                  "the range of every layer."),
                               TextRole::body, Tone::dim);
    text->setWordWrap(true);
    card->body()->addWidget(text);
    m_calibration = new PathField(PathField::Kind::folder, tr("Folder of calibration pictures"));
    m_calibration->edit()->setObjectName(QStringLiteral("calibrationFolder"));
    m_calibration->edit()->setPlaceholderText(tr("Drop a folder here, or browse"));
    card->body()->addWidget(m_calibration);
    m_pictures = new PictureStrip;
    card->body()->addWidget(m_pictures);
    m_count = new TextLabel({}, TextRole::small, Tone::faint);
    m_count->setObjectName(QStringLiteral("pictureCount"));
    m_count->setWordWrap(true);
    card->body()->addWidget(m_count);
    card->body()->addStretch();
    connect(m_calibration, &PathField::pathChanged, m_pictures,
            [this] { m_pictures->setFolder(m_calibration->path()); });
    connect(m_pictures, &PictureStrip::counted, this, &SetupPanel::showCount);
    showCount(0);
    return card;
}

QWidget *SetupPanel::makeInput()
{
    auto *card = new Card(tr("FROM PICTURE TO INPUT"));
    auto *text = new TextLabel(tr("Must match the network's training. Normalisation is folded into "
                                  "the first layer: the HEF takes raw 8-bit pictures."),
                               TextRole::body, Tone::dim);
    text->setWordWrap(true);
    card->body()->addWidget(text);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);

    m_range = makeCombo(tr("Value range"));
    m_range->setObjectName(QStringLiteral("valueRange"));
    m_range->addItem(tr("As the model says"), QString());
    m_range->addItem(tr("0 … 1"), QStringLiteral("0/255"));
    m_range->addItem(tr("−1 … 1"), QStringLiteral("127.5/127.5"));
    m_range->addItem(tr("0 … 255, unchanged"), QStringLiteral("0/1"));
    m_range->addItem(tr("ImageNet mean and deviation"),
                     QStringLiteral("123.675,116.28,103.53/58.395,57.12,57.375"));
    m_range->addItem(tr("Own mean / deviation"), QString(customRange));
    m_normalize = new QLineEdit;
    m_normalize->setObjectName(QStringLiteral("normalize"));
    m_normalize->setAccessibleName(tr("Mean / deviation per channel, of values 0 to 255"));
    m_normalize->setPlaceholderText(QStringLiteral("127/128"));
    auto *range = new QVBoxLayout;
    range->setSpacing(4);
    range->addWidget(m_range);
    range->addWidget(m_normalize);
    form->addRow(new TextLabel(tr("Value range"), TextRole::body, Tone::dim), range);
    connect(m_range, &QComboBox::currentIndexChanged, this, &SetupPanel::showNormalize);

    m_color = makeCombo(tr("Colour order"));
    m_color->setObjectName(QStringLiteral("colorOrder"));
    m_color->addItem(tr("As the model says"), QString());
    m_color->addItem(tr("RGB"), QStringLiteral("rgb"));
    m_color->addItem(tr("BGR"), QStringLiteral("bgr"));
    m_color->addItem(tr("Grey"), QStringLiteral("grey"));
    form->addRow(new TextLabel(tr("Colour order"), TextRole::body, Tone::dim), m_color);

    m_resize = makeCombo(tr("Fit to the input"));
    m_resize->setObjectName(QStringLiteral("resizeMode"));
    m_resize->addItem(tr("As the model says"), QString());
    m_resize->addItem(tr("Letterbox, centred"), QStringLiteral("letterbox"));
    m_resize->addItem(tr("Letterbox, top left"), QStringLiteral("topleft"));
    m_resize->addItem(tr("Stretch"), QStringLiteral("stretch"));
    m_resize->addItem(tr("Crop the middle"), QStringLiteral("crop"));
    form->addRow(new TextLabel(tr("Fit to the input"), TextRole::body, Tone::dim), m_resize);
    card->body()->addLayout(form);
    card->body()->addStretch();
    showNormalize();
    return card;
}

QWidget *SetupPanel::makeOutput()
{
    auto *card = new Card(tr("OUTPUT"));
    m_output = new PathField(PathField::Kind::hefToWrite, tr("HEF to write"));
    m_output->edit()->setObjectName(QStringLiteral("outputFile"));
    card->body()->addWidget(m_output);
    auto *text = new TextLabel(tr("An emulation HEF: it opens in every reader and runs in the "
                                  "emulator bit for bit, but does not run on a chip."),
                               TextRole::small, Tone::faint);
    text->setWordWrap(true);
    card->body()->addWidget(text);
    m_recipe = new QCheckBox(tr("Recipe with its lock beside it"));
    m_recipe->setObjectName(QStringLiteral("saveRecipe"));
    m_recipe->setAccessibleName(m_recipe->text());
    m_recipe->setToolTip(tr("A file that rebuilds the same bytes, and says whether it still does"));
    card->body()->addWidget(m_recipe);
    auto *ends = new QHBoxLayout;
    ends->setSpacing(8);
    ends->addWidget(new TextLabel(tr("The chip's part ends"), TextRole::body, Tone::dim));
    m_ends = new TextLabel;
    m_ends->setObjectName(QStringLiteral("endNodes"));
    m_ends->setElidedInTheMiddle();
    ends->addWidget(m_ends, 1);
    m_resetEnds = new QPushButton(tr("Find by Structure"));
    m_resetEnds->setObjectName(QStringLiteral("resetEnds"));
    m_resetEnds->setAccessibleName(m_resetEnds->text());
    connect(m_resetEnds, &QPushButton::clicked, this, [this] {
        ConversionChoices choices = m_project.choices();
        choices.startNodes.clear();
        choices.endNodes.clear();
        m_project.edit(choices, tr("part on the chip"));
    });
    ends->addWidget(m_resetEnds);
    auto *choose = new QPushButton(tr("Choose on the Graph…"));
    choose->setObjectName(QStringLiteral("chooseEnds"));
    choose->setAccessibleName(choose->text());
    connect(choose, &QPushButton::clicked, this, &SetupPanel::chooseEndsRequested);
    ends->addWidget(choose);
    card->body()->addLayout(ends);
    return card;
}

void SetupPanel::showCount(int pictures)
{
    constexpr int recommended = 64;
    if (m_calibration->path().isEmpty()) {
        m_count->setTone(Tone::faint);
        m_count->setText(tr("No folder chosen."));
    } else if (pictures == 0) {
        m_count->setTone(Tone::warn);
        m_count->setText(tr("No pictures here (JPEG, PNG, BMP, WebP)."));
    } else if (pictures < recommended) {
        m_count->setTone(Tone::dim);
        m_count->setText(tr("%n picture(s); 64 or more give steadier ranges.", nullptr, pictures));
    } else {
        m_count->setTone(Tone::ok);
        m_count->setText(tr("%n picture(s).", nullptr, pictures));
    }
}

void SetupPanel::showNormalize()
{
    m_normalize->setVisible(m_range->currentData().toString() == customRange);
}

void SetupPanel::edited(const QString &what)
{
    if (m_isShowing)
        return;
    ConversionChoices choices = m_project.choices();
    for (const auto *card : findChildren<PresetCard *>())
        if (card->isChecked())
            choices.preset = card->objectName().mid(static_cast<int>(qstrlen("preset-")));
    choices.calibration = m_calibration->path();
    const QString range = m_range->currentData().toString();
    choices.normalize = range == customRange ? m_normalize->text().simplified() : range;
    choices.color = m_color->currentData().toString();
    choices.resize = m_resize->currentData().toString();
    choices.output = m_output->path();
    choices.savesRecipe = m_recipe->isChecked();
    m_project.edit(choices, what);
}

void SetupPanel::showProject()
{
    const ConversionChoices &choices = m_project.choices();
    m_isShowing = true;
    if (auto *card = findChild<PresetCard *>(QStringLiteral("preset-") + choices.preset))
        card->setChecked(true);
    // A field that shows the value already keeps its cursor.
    if (m_calibration->path() != choices.calibration)
        m_calibration->setPath(choices.calibration);
    if (m_output->path() != choices.output)
        m_output->setPath(choices.output);
    int range = m_range->findData(choices.normalize);
    const bool isCustom = m_range->currentData().toString() == customRange;
    if (isCustom && m_normalize->text().simplified() == choices.normalize) {
        range = m_range->currentIndex();
    } else if (range < 0) {
        range = m_range->findData(QString(customRange));
        m_normalize->setText(choices.normalize);
    }
    m_range->setCurrentIndex(range);
    m_color->setCurrentIndex(std::max(0, m_color->findData(choices.color)));
    m_resize->setCurrentIndex(std::max(0, m_resize->findData(choices.resize)));
    const bool isOwn = !choices.startNodes.isEmpty() || !choices.endNodes.isEmpty();
    m_ends->setText(isOwn ? tr("Chosen by you: %1").arg(
                                (choices.startNodes + choices.endNodes).join(QStringLiteral(", ")))
                          : tr("Found by the network's structure"));
    m_resetEnds->setVisible(isOwn);
    m_recipe->setChecked(choices.savesRecipe);
    m_isShowing = false;
    showCosts();
}

void SetupPanel::setGraph(std::shared_ptr<const Graph> graph)
{
    m_preflight->setGraph(std::move(graph));
}

void SetupPanel::addPanel(QWidget *panel)
{
    m_column->insertWidget(m_column->count() - 1, panel);
}

// What each preset costs here, learned from earlier runs, and what the pictures are enough for.
void SetupPanel::showCosts()
{
    constexpr int enough = 64, plenty = 1024;
    for (auto *card : findChildren<PresetCard *>()) {
        ConversionChoices choices = m_project.choices();
        choices.preset = card->objectName().mid(static_cast<int>(qstrlen("preset-")));
        const auto stages = m_history.expectedStages(choices, m_samples);
        double seconds = 0;
        for (const double stage : stages)
            seconds += stage;
        QString note = seconds > 0 ? tr("About %1, by the last run.").arg(secondsText(seconds))
                       : choices.preset == QStringLiteral("fast")     ? tr("Seconds.")
                       : choices.preset == QStringLiteral("balanced") ? tr("A minute.")
                                                                      : tr("Minutes.");
        const bool isFew = m_samples > 0 && m_samples < enough;
        note += QLatin1Char(' ');
        if (isFew)
            note += tr("%n picture(s) are few: 64 steady the ranges.", nullptr, m_samples);
        else if (m_samples > 0 && m_samples < plenty && choices.preset != QStringLiteral("fast"))
            note += tr("%n picture(s) do; the vendor's best effort asks for 1024.", nullptr,
                       m_samples);
        else if (m_samples > 0)
            note += tr("%n picture(s) do.", nullptr, m_samples);
        card->setNote(note, isFew);
    }
}

} // namespace hefstudio
