// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/hef_overview.h"

#include "common/files.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace hefstudio {

namespace {

QString tr(const char *source)
{
    return QCoreApplication::translate("HefOverview", source);
}

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
            row.layout = tr("detections of %1 classes, up to %2 each")
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
             context.configBytes > 0
                 ? tr("%1 · %2 actions").arg(byteText(context.configBytes)).arg(actions)
                 : tr("%1 actions").arg(actions),
             double(context.configBytes)});
    };
    std::uint64_t total = group.preliminary.configBytes;
    for (const HefContextView &context : group.contexts)
        total += context.configBytes;
    if (!group.preliminary.actions.empty() && group.preliminary.configBytes > 0)
        add(group.preliminary, tr("Preliminary"));
    for (std::size_t i = 0; i < group.contexts.size(); ++i)
        add(group.contexts[i], tr("Context %1").arg(i));
    overview.contextsMeasure = total > 0 ? tr("by configuration bytes") : tr("no chip code inside");
}

void addGroup(const HefNetworkGroupView &group, HefOverview &overview)
{
    auto &facts = overview.groupFacts;
    facts.push_back({tr("Network group"), QString::fromStdString(group.name)});
    facts.push_back({tr("Contexts"), QString::number(group.contexts.size())});
    if (group.framesPerSecond > 0)
        facts.push_back(
            {tr("Predicted frames/s"), QLocale().toString(group.framesPerSecond, 'f', 1)});
    if (group.latencySeconds > 0)
        facts.push_back({tr("Predicted latency"),
                         tr("%1 ms").arg(QLocale().toString(group.latencySeconds * 1000, 'f', 2))});
    if (!group.transfers.empty())
        facts.push_back({tr("Buffers between contexts"), QString::number(group.transfers.size())});
    for (const HefHostOp &op : group.hostOps)
        facts.push_back({tr("Host operation"), QString::fromStdString(op.kind)});
    addStreams(group, overview);
    addContexts(group, overview);
}

void addFile(const Hef &hef, HefOverview &overview)
{
    const HefFile &file = hef.container();
    auto &facts = overview.fileFacts;
    facts.push_back({tr("Size"), byteText(overview.bytes)});
    facts.push_back(
        {tr("Header"),
         tr("version %1, %2").arg(file.header.version).arg(byteText(file.header.headerBytes))});
    facts.push_back({tr("Messages"), byteText(file.proto.size)});
    if (file.ccws.size > 0)
        facts.push_back({tr("Configuration words"), byteText(file.ccws.size)});
    if (file.additionalInfo.size > 0)
        facts.push_back({tr("Additional info"), byteText(file.additionalInfo.size)});
    for (const HefResource &resource : hef.resources())
        facts.push_back({QString::fromStdString(resource.name), byteText(resource.size)});
    if (file.tail.size > 0)
        facts.push_back({tr("Past the declared end"), byteText(file.tail.size)});
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
    overview.checks = hef->checks();

    overview.chip = fromView(hef->arch().productName());
    overview.chipDetail = tr("architecture %1 in the file").arg(fromView(hef->arch().name()));
    overview.compiler = QString::fromStdString(hef->sdkVersion());
    if (overview.compiler.isEmpty())
        overview.compiler = tr("not stated");
    overview.compilerDetail =
        hef->timestampMs() == 0
            ? tr("no build time stated")
            : tr("built %1")
                  .arg(QLocale().toString(
                      QDateTime::fromMSecsSinceEpoch(qint64(hef->timestampMs()), Qt::UTC),
                      QLocale::ShortFormat));

    const auto hashes = verifyHashes(container);
    overview.isIntact = hashes.has_value();
    const QString checksum = checksumName(container.header.checksum);
    overview.integrity =
        overview.isIntact ? tr("%1 matches").arg(checksum) : tr("%1 differs").arg(checksum);
    overview.integrityDetail = tr("header version %1").arg(container.header.version);
    if (!overview.isIntact)
        overview.checks.insert(overview.checks.begin(), hashes.error().begin(),
                               hashes.error().end());

    for (const HefNetworkGroupView &group : hef->groups())
        addGroup(group, overview);
    addFile(*hef, overview);
    return overview;
}

} // namespace hefstudio
