// Sets of pictures with one fault planted in a share of them, and what the doctor makes of them:
// the test counts on few pictures, the bench prints the whole table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "calibration/set_examination.h"
#include "picture_world.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace hefstudio {

struct PlantedFault {
    const char *name;
    std::vector<std::string> ids; // any of these finds it
    // Turns a good picture into the faulty file's bytes. `other` is another good picture's.
    std::function<Bytes(const Image &good, const Image &other)> plant;
};

inline Bytes encoded(const Image &image)
{
    auto bytes = encodeImage(image, false);
    return bytes ? std::move(*bytes) : Bytes();
}

inline Image shrunk(const Image &image, double ratio)
{
    auto scaled = scaleImage(image, static_cast<int>(image.width * ratio),
                             static_cast<int>(image.height * ratio), Interpolation::area);
    return scaled ? std::move(*scaled) : Image();
}

inline std::vector<PlantedFault> plantedFaults(int blurRadius)
{
    const auto changed = [](std::function<Image(const Image &)> change) {
        return [change = std::move(change)](const Image &good, const Image &) {
            return encoded(change(good));
        };
    };
    std::vector<PlantedFault> faults;
    faults.push_back({"copy of another file",
                      {"calib.duplicates"},
                      [](const Image &, const Image &other) {
                          return encoded(other);
                      }});
    faults.push_back({"resized, brightened copy",
                      {"calib.near-duplicates", "calib.duplicates"},
                      [](const Image &, const Image &other) {
                          return encoded(mapped(shrunk(other, 0.8), 1.05, 2));
                      }});
    faults.push_back({"blurred", {"calib.blurred"}, changed([blurRadius](const Image &good) {
                          return blurredBy(good, blurRadius);
                      })});
    faults.push_back({"no light", {"calib.dark"}, changed([](const Image &good) {
                          return mapped(good, 0.12, 0);
                      })});
    faults.push_back({"washed out", {"calib.bright"}, changed([](const Image &good) {
                          return mapped(good, 0.1, 228);
                      })});
    faults.push_back({"lens cap", {"calib.empty-pictures"}, changed([](const Image &good) {
                          return mapped(good, 0, 118);
                      })});
    faults.push_back({"thumbnail",
                      {"calib.size-outliers", "calib.small-pictures"},
                      changed([](const Image &good) {
                          return shrunk(good, 36.0 / std::max(good.width, good.height));
                      })});
    faults.push_back({"red and blue exchanged",
                      {"calib.channel-order-suspected"},
                      changed([](const Image &good) { return redAndBlueExchanged(good); })});
    faults.push_back({"divided by 255",
                      {"calib.already-normalised"},
                      changed([](const Image &good) { return mapped(good, 1 / 255.0, 0); })});
    faults.push_back({"cut short",
                      {"calib.broken-pictures"},
                      [](const Image &good, const Image &) {
                          Bytes bytes = encoded(good);
                          bytes.resize(bytes.size() * 2 / 3);
                          return bytes;
                      }});
    faults.push_back({"no picture",
                      {"calib.broken-pictures"},
                      [](const Image &, const Image &) {
                          const auto text = asBytes("<html>404 Not Found</html>");
                          return Bytes(text.begin(), text.end());
                      }});
    faults.push_back({"infra-red camera",
                      {"calib.drift"},
                      changed([](const Image &good) {
                          Image grey = good;
                          for (std::size_t i = 0; i < grey.rgb.size(); i += 3) {
                              const int luma = (grey.rgb[i] * 77 + grey.rgb[i + 1] * 150 +
                                                grey.rgb[i + 2] * 29) >> 8;
                              for (std::size_t c = 0; c < 3; ++c)
                                  grey.rgb[i + c] = static_cast<std::uint8_t>(255 - luma);
                          }
                          return grey;
                      })});
    return faults;
}

// A folder of good pictures that faults are planted in, one after the other.
class PlantedSet {
public:
    PlantedSet(std::filesystem::path folder, std::vector<Image> pictures)
        : m_folder(std::move(folder)), m_pictures(std::move(pictures))
    {
        std::filesystem::create_directories(m_folder);
        for (std::size_t i = 0; i < m_pictures.size(); ++i)
            write(i, good(i));
        m_reference = look();
    }

    std::size_t size() const { return m_pictures.size(); }
    const SetLooks &goodLooks() const { return m_reference; }

    // What the doctor says of the set as it lies there; with the good one as reference.
    std::vector<Finding> judgeNow(const SetLooks &looks) const
    {
        std::vector<std::size_t> all(looks.samples.size());
        std::iota(all.begin(), all.end(), std::size_t(0));
        return judge(*CalibrationSet::open(m_folder), looks, all, {.reference = &m_reference});
    }
    SetLooks look() const
    {
        const auto set = CalibrationSet::open(m_folder);
        auto looks = set ? lookAtSet(*set, 0, {}, {}) : fail(set.error());
        return looks ? std::move(*looks) : SetLooks();
    }

    struct Outcome {
        std::size_t planted = 0;
        bool isFound = false;
        double named = 0;         // share of the planted ones that the findings name
        std::size_t wrongly = 0;  // others that they name
        std::vector<std::string> others; // further warnings and errors
    };

    Outcome outcomeOf(const PlantedFault &fault, std::size_t count)
    {
        std::vector<std::size_t> planted;
        // The first picture is the one that is copied; it stays as it is, unless all are planted in.
        for (std::size_t i = 0; i < count; ++i)
            planted.push_back(count == size() ? i : 1 + i * (size() - 1) / count);
        for (const std::size_t i : planted)
            write(i, fault.plant(m_pictures[i], m_pictures.front()));
        const auto findings = judgeNow(look());
        Outcome outcome{.planted = count};
        std::vector<bool> isNamed(size());
        bool isWhole = false;
        for (const Finding &finding : findings) {
            const bool isIt =
                std::ranges::find(fault.ids, finding.diagnostic.id) != fault.ids.end();
            if (!isIt && finding.diagnostic.severity != Severity::note)
                outcome.others.push_back(finding.diagnostic.id);
            if (!isIt)
                continue;
            outcome.isFound = true;
            isWhole |= finding.samples.empty();
            for (const std::size_t sample : finding.samples)
                isNamed[sample] = true;
        }
        std::size_t hits = 0;
        for (std::size_t i = 0; i < size(); ++i) {
            const bool isPlanted = std::ranges::binary_search(planted, i);
            hits += isNamed[i] && isPlanted ? 1 : 0;
            outcome.wrongly += isNamed[i] && !isPlanted ? 1 : 0;
        }
        outcome.named = isWhole ? 1 : static_cast<double>(hits) / static_cast<double>(count);
        for (const std::size_t i : planted)
            write(i, good(i));
        return outcome;
    }

private:
    std::filesystem::path file(std::size_t i) const
    {
        char name[48];
        std::snprintf(name, sizeof name, "picture%05zu.jpg", i);
        return m_folder / name;
    }
    // Thousands of files that nobody needs after a crash.
    void write(std::size_t i, const Bytes &bytes) const
    {
        std::ofstream(file(i), std::ios::binary)
            .write(reinterpret_cast<const char *>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    Bytes good(std::size_t i) const
    {
        return encoded(m_pictures[i]);
    }

    std::filesystem::path m_folder;
    std::vector<Image> m_pictures;
    SetLooks m_reference;
};

} // namespace hefstudio
