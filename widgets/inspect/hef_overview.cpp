// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hef_overview.h"

#include "common/files.h"
#include "hef/compatibility.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace hefstudio {

namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString numberText(double value)
{
    return QLocale().toString(value, 'g', 6);
}

QString layoutText(HefOrder order, const HefShape &shape)
{
    if (order == HefOrder::nc)
        return QStringLiteral("%1 %2").arg(fromView(orderText(order))).arg(shape.features);
    return QStringLiteral("%1 %2×%3×%4")
        .arg(fromView(orderText(order)))
        .arg(shape.height)
        .arg(shape.width)
        .arg(shape.features);
}

void addStreams(const HefNetworkGroupView &group, HefOverview &overview)
{
    const auto add = [&](const HefVStream &stream) {
        StreamRow row;
        row.direction = stream.direction;
        row.name = QString::fromStdString(stream.name);
        row.type = fromView(typeText(stream.type));
        if (stream.nms) {
            row.layout = QCoreApplication::translate("HefOverview",
                                                     "detections of %1 classes, up to %2 each")
                             .arg(stream.nms->classes)
                             .arg(stream.nms->boxesPerClass);
        } else {
            row.layout = layoutText(stream.order, stream.shape);
            row.scale = numberText(double(stream.quantisation.scale));
            row.zeroPoint = numberText(double(stream.quantisation.zeroPoint));
        }
        overview.streams.push_back(std::move(row));
    };
    for (const HefVStream &stream : group.inputs)
        add(stream);
    for (const HefVStream &stream : group.outputs)
        add(stream);
}

void addContexts(const HefNetworkGroupView &group, HefOverview &overview)
{
    const auto add = [&](const HefContextView &context, const QString &name) {
        std::size_t actions = 0;
        for (const auto &[kind, count] : context.actions)
            actions += count;
        overview.contexts.push_back(
            {name,
             context.configBytes > 0 ? QCoreApplication::translate("HefOverview", "%1 · %2 actions")
                                           .arg(byteText(context.configBytes))
                                           .arg(actions)
                                     : QCoreApplication::translate("HefOverview", "%1 in, %2 out")
                                           .arg(context.boundaryInputs)
                                           .arg(context.boundaryOutputs),
             double(context.configBytes)});
    };
    std::uint64_t total = group.preliminary.configBytes;
    for (const HefContextView &context : group.contexts)
        total += context.configBytes;
    if (!group.preliminary.actions.empty() && group.preliminary.configBytes > 0)
        add(group.preliminary, QCoreApplication::translate("HefOverview", "Preliminary"));
    for (std::size_t i = 0; i < group.contexts.size(); ++i)
        add(group.contexts[i], QCoreApplication::translate("HefOverview", "Context %1").arg(i));
    overview.contextsMeasure =
        total > 0 ? QCoreApplication::translate("HefOverview", "by configuration bytes")
                  : QCoreApplication::translate("HefOverview", "no chip code inside");
}

void addGroup(const HefNetworkGroupView &group, HefOverview &overview)
{
    auto &facts = overview.groupFacts;
    facts.push_back({QCoreApplication::translate("HefOverview", "Network group"),
                     QString::fromStdString(group.name)});
    facts.push_back({QCoreApplication::translate("HefOverview", "Contexts"),
                     QString::number(group.contexts.size())});
    if (group.framesPerSecond > 0)
        facts.push_back({QCoreApplication::translate("HefOverview", "Predicted frames/s"),
                         QLocale().toString(group.framesPerSecond, 'f', 1)});
    if (group.latencySeconds > 0)
        facts.push_back({QCoreApplication::translate("HefOverview", "Predicted latency"),
                         QCoreApplication::translate("HefOverview", "%1 ms")
                             .arg(QLocale().toString(group.latencySeconds * 1000, 'f', 2))});
    if (!group.transfers.empty())
        facts.push_back({QCoreApplication::translate("HefOverview", "Buffers between contexts"),
                         QString::number(group.transfers.size())});
    for (const HefHostOp &op : group.hostOps)
        facts.push_back({QCoreApplication::translate("HefOverview", "Host operation"),
                         QString::fromStdString(op.kind)});
    addStreams(group, overview);
    addContexts(group, overview);
}

void addFile(const Hef &hef, HefOverview &overview)
{
    const HefFile &file = hef.container();
    auto &facts = overview.fileFacts;
    facts.push_back({QCoreApplication::translate("HefOverview", "Size"), byteText(overview.bytes)});
    facts.push_back({QCoreApplication::translate("HefOverview", "Header"),
                     QCoreApplication::translate("HefOverview", "version %1, %2")
                         .arg(file.header.version)
                         .arg(byteText(file.header.headerBytes))});
    facts.push_back(
        {QCoreApplication::translate("HefOverview", "Messages"), byteText(file.proto.size)});
    if (file.ccws.size > 0)
        facts.push_back({overview.isEmulation
                             ? QCoreApplication::translate("HefOverview", "Blobs, no chip code")
                             : QCoreApplication::translate("HefOverview", "Configuration words"),
                         byteText(file.ccws.size)});
    if (file.additionalInfo.size > 0)
        facts.push_back({QCoreApplication::translate("HefOverview", "Additional info"),
                         byteText(file.additionalInfo.size)});
    for (const HefResource &resource : hef.resources())
        facts.push_back({QString::fromStdString(resource.name), byteText(resource.size)});
    if (file.tail.size > 0)
        facts.push_back({QCoreApplication::translate("HefOverview", "Past the declared end"),
                         byteText(file.tail.size)});
}

QString checksumName(HefChecksum checksum)
{
    switch (checksum) {
    case HefChecksum::md5:
        return QStringLiteral("MD5");
    case HefChecksum::crc32:
        return QStringLiteral("CRC-32");
    case HefChecksum::xxh3:
        return QStringLiteral("XXH3");
    }
    return {};
}

} // namespace

Result<HefOverview> readOverview(const QString &file)
{
    auto hef = Hef::open(toPath(file));
    if (!hef)
        return passOn(std::move(hef));
    HefOverview overview;
    const HefFile &container = hef->container();
    overview.file = file;
    overview.bytes = container.bytes.size();
    overview.isEmulation = hef->isEmulation();
    overview.loads = hef->loads();
    overview.hef = *hef;
    overview.sections = sectionMapOf(*hef);
    const HefCompatibility compatibility = compatibilityOf(*hef);
    overview.releases = QString::fromStdString(compatibility.releasesText());
    overview.chips = QString::fromStdString(compatibility.chipsText());
    overview.checks = hef->checks();

    overview.chip = fromView(hef->arch().productName());
    overview.chipDetail = QCoreApplication::translate("HefOverview", "architecture %1 in the file")
                              .arg(fromView(hef->arch().name()));
    overview.compiler = QString::fromStdString(hef->sdkVersion());
    const qsizetype remark = overview.compiler.indexOf(QLatin1String(" ("));
    QString compilerRemark;
    if (remark > 0) {
        compilerRemark = overview.compiler.mid(remark + 2).chopped(1);
        overview.compiler.truncate(remark);
    }
    if (overview.compiler.isEmpty())
        overview.compiler = QCoreApplication::translate("HefOverview", "not stated");
    const QDateTime built = QDateTime::fromMSecsSinceEpoch(qint64(hef->timestampMs()), Qt::UTC);
    QStringList details;
    if (!compilerRemark.isEmpty())
        details << compilerRemark;
    if (hef->timestampMs() != 0)
        details << QCoreApplication::translate("HefOverview", "built %1")
                       .arg(QLocale().toString(built, QLocale::ShortFormat));
    else if (details.isEmpty())
        details << QCoreApplication::translate("HefOverview", "no build time stated");
    overview.compilerDetail = details.join(QStringLiteral(" · "));

    const auto hashes = verifyHashes(container);
    overview.isIntact = hashes.has_value();
    const QString checksum = checksumName(container.header.checksum);
    overview.integrity =
        overview.isIntact ? QCoreApplication::translate("HefOverview", "%1 matches").arg(checksum)
                          : QCoreApplication::translate("HefOverview", "%1 differs").arg(checksum);
    overview.integrityDetail = QCoreApplication::translate("HefOverview", "header version %1")
                                   .arg(container.header.version);
    if (!overview.isIntact)
        overview.checks.insert(overview.checks.begin(), hashes.error().begin(),
                               hashes.error().end());

    for (const HefNetworkGroupView &group : hef->groups())
        addGroup(group, overview);
    addFile(*hef, overview);
    return overview;
}

} // namespace hefstudio
