// Those that only look.
#include <chrono>
#include <utility>

#include "compare/compare.hpp"
#include "operations.hpp"
#include "read/inspect.hpp"
#include "read/markdown.hpp"
#include "serve/sdk.hpp"
#include "validate.hpp"

namespace docx {

using berth::Error;
using berth::Json;
using ooxml::serve::Asked;

namespace {

// Keeps a walk and who listens to it while a part is read.
template <class Hears>
class Story : public ooxml::Handler {
 public:
  explicit Story(Hears& listener) : m_walk(listener) {}
  void start(const ooxml::Start& element) override { m_walk.start(element); }
  void text(std::string_view text) override { m_walk.text(text); }
  void end(const ooxml::Start& element) override { m_walk.end(element); }

 private:
  Walk m_walk;
};

void demand_whole(bool whole) {
  if (!whole) throw Error(499, "cancelled", "it was cancelled");
}

Json judged_by_sdk(const Asked& asked, ooxml::Office office) {
  if (asked.text("engine") != "openxml-sdk" || !asked.sdk)
    throw Error(400, "unknown_engine", "an engine is \"berth\" or, of a host, \"openxml-sdk\"");
  const std::string path = asked.input.at("path"), program = ooxml::serve::find_sdk(asked.config);
  const auto file = asked.files.open(path);
  const auto began = std::chrono::steady_clock::now();
  const std::string output = asked.sdk(program, file.get(), path, office);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  return ooxml::serve::sdk_answer(output, office, took.count());
}

Json properties_of(const ooxml::Package& package) {
  Json facts{{"parts", package.parts().size()},
             {"bytes", package.archive().file_size()},
             {"macros", package.macros()},
             {"template", package.is_template()},
             {"strict", package.strict()}};
  Json links = Json::array();
  for (const auto& part : package.parts()) {
    for (const auto& relation : part.relations) {
      if (relation.external && links.size() < 500)
        links.push_back({{"part", part.name}, {"type", relation.type}, {"target", relation.target}});
    }
  }
  facts["external_links"] = std::move(links);
  return facts;
}

}  // namespace

Json validate_operation(const Asked& asked) {
  const auto options = validate_options(asked);
  if (asked.text("engine", "berth") != "berth") return judged_by_sdk(asked, options.office);
  const auto file = asked.files.open(asked.input.at("path"));
  return ooxml::serve::answer_of(validate(file.get(), options, asked));
}

Json inspect_operation(const Asked& asked) {
  const auto document = opened(asked, "path", ooxml::Kind::word);
  const auto& package = *document.package;
  Library library;
  Survey survey(package, *package.main(), library, asked.input.value("limit", std::size_t(200)));
  const auto reader = [&](const ooxml::Part&, Role role) -> std::unique_ptr<ooxml::Handler> {
    if (role != Role::document) return nullptr;
    return std::make_unique<Story<Survey>>(survey);
  };
  demand_whole(read_all(package, library, reader, asked.progress, asked.stop));
  Json answer = survey.answer();
  answer["package"] = properties_of(package);
  return answer;
}

Json text_operation(const Asked& asked) {
  const auto document = opened(asked, "path", ooxml::Kind::word);
  const auto& package = *document.package;
  Markdown::Options options;
  const std::string revisions = asked.text("revisions", "accepted");
  if (revisions != "shown" && revisions != "rejected" && revisions != "accepted")
    throw Error(400, "unknown_revisions", "revisions are \"accepted\", \"rejected\" or \"shown\"");
  options.revisions = revisions == "shown"      ? Revisions::shown
                      : revisions == "rejected" ? Revisions::rejected
                                                : Revisions::accepted;
  options.comments = asked.input.value("comments", false);
  options.most = asked.input.value("max_bytes", options.most);
  Library library;
  const auto target = [&](std::string_view id) {
    const auto* relation = package.main()->relation(id);
    return relation ? relation->target : std::string();
  };
  Markdown markdown(library, options, target);
  const auto reader = [&](const ooxml::Part&, Role role) -> std::unique_ptr<ooxml::Handler> {
    if (role != Role::document) return nullptr;
    return std::make_unique<Story<Markdown>>(markdown);
  };
  demand_whole(read_all(package, library, reader, asked.progress, asked.stop));
  Json answer;
  answer["text"] = markdown.finish();
  answer["revisions"] = revisions;
  answer["truncated"] = markdown.truncated();
  return answer;
}

Json diff_operation(const Asked& asked) {
  const auto lines_of = [&](const char* field) {
    const auto document = opened(asked, field, ooxml::Kind::word);
    Library library;
    Lines lines;
    const auto reader = [&](const ooxml::Part&, Role role) -> std::unique_ptr<ooxml::Handler> {
      if (role != Role::document) return nullptr;
      return std::make_unique<Story<Lines>>(lines);
    };
    demand_whole(read_all(*document.package, library, reader, {}, asked.stop));
    return lines.take();
  };
  const auto before = lines_of("path"), after = lines_of("other");
  return compare(before, after, asked.input.value("limit", std::size_t(500)), asked.stop);
}

Json comments_operation(const Asked& asked) {
  Json survey = inspect_operation(asked);
  Json answer{{"comments", std::move(survey["comments"])}};
  answer["count"] = survey["counts"]["comments"];
  return answer;
}

}  // namespace docx
