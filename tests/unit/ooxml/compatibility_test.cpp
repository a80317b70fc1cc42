// Markup compatibility: what is passed over, which alternative is taken, and what is wrong with its own words.
#include "looking.hpp"

namespace {

using looking::Grammar;
using ooxml::Era;
using ooxml::Office;

const Grammar& words() {
  static const Grammar grammar(
      "space w urn:w\nspace n urn:n since 2010\nuse w\npart t = d:D\ntype D = p:P*\n"
      "type P = b:T? t:T* n:e:T? since 2010 @n:q:int since 2010\ntype T = text string\n");
  return grammar;
}

// What the reader of a domain sees: "<p<t()>>".
class Seen : public ooxml::Handler {
 public:
  void start(const ooxml::Start& element) override {
    seen += "<" + std::string(element.local) + std::to_string(element.depth);
    for (const auto& one : element.attributes) seen += " " + std::string(one.local);
  }
  void text(std::string_view text) override { seen += "(" + std::string(text) + ")"; }
  void end(const ooxml::Start&) override { seen += ">"; }
  std::string seen;
};

struct Told {
  std::string found, seen;
};

Told told(const std::string& inside, const std::string& attributes = "", Era era = {}) {
  Seen seen;
  std::string found = words().found(
      "<w:d xmlns:w='urn:w' xmlns:n='urn:n' xmlns:u='urn:u' "
      "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' " +
          attributes + ">" + inside + "</w:d>",
      era, &seen);
  return {found, seen.seen};
}

std::string found(const std::string& inside, const std::string& attributes = "", Era era = {}) {
  return told(inside, attributes, era).found;
}

const Era old{Office::o2007, false};

TEST(CompatibilityTest, WhatMayBePassedOverIsNotThere) {
  Told one = told("<w:p u:a='1'><u:x><w:zz/></u:x><w:t>a</w:t></w:p>", "mc:Ignorable='u'");
  EXPECT_EQ(one.found, "");
  EXPECT_EQ(one.seen, "<d1<p2<t3(a)>>>");
  EXPECT_EQ(found("<w:p mc:Ignorable='u'><u:x/></w:p><u:x/>"), "unknown-element /w:d[1] [u:x]");
  EXPECT_EQ(found("<w:p u:a='1'/>"), "unknown-attribute /w:d[1]/w:p[1] [u:a]");
}

TEST(CompatibilityTest, WhatIsUnderstoodIsLookedAt) {
  EXPECT_EQ(found("<w:p n:q='x'><n:e/></w:p>", "mc:Ignorable='n'"), "bad-value /w:d[1]/w:p[1] [n:q]");
  EXPECT_EQ(found("<w:p n:z='x'><n:zz/><n:e/><w:t/></w:p>", "mc:Ignorable='n'"),
            "unexpected-element /w:d[1]/w:p[1] [w:t]");
  EXPECT_EQ(found("<w:p n:q='x'><n:e/><w:t/></w:p>", "mc:Ignorable='n'", old), "");
}

TEST(CompatibilityTest, ALeafHasNoChildThatIsUnderstood) {
  EXPECT_EQ(found("<w:p><w:t><n:e/></w:t></w:p>", "mc:Ignorable='n'"),
            "unexpected-element /w:d[1]/w:p[1]/w:t[1] [n:e]");
  EXPECT_EQ(found("<w:p><w:t><u:e/></w:t></w:p>", "mc:Ignorable='u'"), "");
}

TEST(CompatibilityTest, ContentThatIsKeptAllTheSame) {
  Told one = told("<w:p><u:x>(<w:t>a</w:t><u:y/></u:x></w:p>", "mc:Ignorable='u' mc:ProcessContent='u:x'");
  EXPECT_EQ(one.seen, "<d1<p2(()<t3(a)>>>");
  EXPECT_EQ(found("<w:p><u:x><w:zz/></u:x></w:p>", "mc:Ignorable='u' mc:ProcessContent='u:*'"),
            "unknown-element /w:d[1]/w:p[1] [w:zz]");
  EXPECT_EQ(found("", "mc:ProcessContent='u:x'"), "mc-process-content /w:d[1] [mc:ProcessContent]");
  EXPECT_EQ(found("", "mc:Ignorable='u' mc:ProcessContent='zz:x'"), "mc-process-content /w:d[1] [mc:ProcessContent]");
}

TEST(CompatibilityTest, TheFirstAlternativeThatIsUnderstood) {
  const std::string text =
      "<w:p><mc:AlternateContent> <mc:Choice Requires='u'><w:t>u</w:t></mc:Choice><mc:Choice Requires='w "
      "n'><w:t>n</w:t></mc:Choice>"
      "<mc:Choice "
      "Requires='w'><w:t>w</w:t></mc:Choice><mc:Fallback><w:b>f</w:b></mc:Fallback></mc:AlternateContent><w:t>z</w:t></"
      "w:p>";
  EXPECT_EQ(told(text).seen, "<d1<p2<t3(n)><t3(z)>>>");
  EXPECT_EQ(told(text).found, "");
  EXPECT_EQ(told(text, "", old).seen, "<d1<p2<t3(w)><t3(z)>>>");
  const std::string none =
      "<w:p><mc:AlternateContent><mc:Choice Requires='u'><w:zz/></mc:Choice>%</mc:AlternateContent></w:p>";
  EXPECT_EQ(told(std::string(none).replace(none.find('%'), 1, "")).seen, "<d1<p2>>");
  EXPECT_EQ(told(std::string(none).replace(none.find('%'), 1, "<mc:Fallback><w:b/></mc:Fallback>")).seen,
            "<d1<p2<b3>>>");
}

TEST(CompatibilityTest, BothTheAlternativeAndTheFallbackMustBeRight) {
  EXPECT_EQ(found("<w:p><mc:AlternateContent><mc:Choice Requires='n'><w:c1/></mc:Choice><mc:Choice "
                  "Requires='w'><w:c2/></mc:Choice>"
                  "<mc:Fallback><w:b/><w:f n:q='x'/></mc:Fallback></mc:AlternateContent></w:p>"),
            "rule: unknown-element /w:d[1]/w:p[1] [w:c1]");
  EXPECT_EQ(found("<w:p><mc:AlternateContent><mc:Choice "
                  "Requires='n'><w:t/></mc:Choice><mc:Fallback><w:f/></mc:Fallback></mc:AlternateContent>"
                  "<w:t n:q='x'/></w:p>"),
            "unknown-element /w:d[1]/w:p[1] [w:f]; unknown-attribute /w:d[1]/w:p[1]/w:t[1] [n:q]");
  EXPECT_EQ(found("<w:p><mc:AlternateContent><mc:Choice "
                  "Requires='n'><w:b/></mc:Choice><mc:Fallback><w:b/></mc:Fallback></mc:AlternateContent>"
                  "<w:b/></w:p>"),
            "too-many /w:d[1]/w:p[1] [w:b]");
}

TEST(CompatibilityTest, ARootIsNoAlternative) {
  EXPECT_EQ(
      words().found(
          "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' xmlns:w='urn:w'>"
          "<mc:Choice Requires='w'><w:d/><w:d/></mc:Choice></mc:AlternateContent>"),
      "wrong-root  [AlternateContent]");
}

TEST(CompatibilityTest, AlternativesInAlternatives) {
  EXPECT_EQ(told("<w:p><mc:AlternateContent><mc:Choice Requires='n'><mc:AlternateContent><mc:Choice "
                 "Requires='u'/><mc:Fallback><w:t/>"
                 "</mc:Fallback></mc:AlternateContent></mc:Choice></mc:AlternateContent></w:p>")
                .seen,
            "<d1<p2<t3>>>");
}

TEST(CompatibilityTest, ItsOwnWordsAreRight) {
  const std::string choice = "<mc:Choice Requires='w'/>";
  auto within = [](const std::string& inside) {
    return found("<w:p><mc:AlternateContent>" + inside + "</mc:AlternateContent></w:p>");
  };
  const std::string at = " /w:d[1]/w:p[1]/mc:AlternateContent[1]";
  EXPECT_EQ(within(""), "mc-missing-choice" + at + " [mc:Choice]");
  EXPECT_EQ(within("<mc:Fallback/>"), "mc-missing-choice" + at + " [mc:Choice]");
  EXPECT_EQ(within("<mc:Fallback/>" + choice), "mc-missing-choice" + at + " [mc:Choice]");
  EXPECT_EQ(within("<w:t/>" + choice), "mc-missing-choice" + at + " [mc:Choice]");
  EXPECT_EQ(within(choice + "<mc:Fallback/><mc:Fallback/>"), "mc-unexpected-element" + at + " [mc:Fallback]");
  EXPECT_EQ(within("<mc:Choice/>"), "mc-missing-requires" + at + "/mc:Choice[1] [Requires]");
  EXPECT_EQ(within("<mc:Choice Requires='zz'/>"), "mc-undeclared-prefix" + at + "/mc:Choice[1] [Requires]");
  EXPECT_EQ(within("<mc:Choice Requires='w' a='1' u:b='2'/>"), "mc-attribute" + at + "/mc:Choice[1] [a]");
  EXPECT_EQ(found("", "mc:Ignorable='u zz yy'"), "mc-undeclared-prefix /w:d[1] [mc:Ignorable]");
  EXPECT_EQ(found("", "mc:MustUnderstand='zz'"), "mc-undeclared-prefix /w:d[1] [mc:MustUnderstand]");
  EXPECT_EQ(found("", "mc:MustUnderstand='w u'"), "mc-must-understand /w:d[1] [mc:MustUnderstand]");
  EXPECT_EQ(found("", "mc:MustUnderstand='n'"), "");
  EXPECT_EQ(found("", "mc:Foo='n'"), "unknown-attribute /w:d[1] [mc:Foo]");
  EXPECT_EQ(found("<w:p><mc:Choice Requires='w'><w:t/></mc:Choice></w:p>"),
            "unknown-element /w:d[1]/w:p[1] [mc:Choice]");
}

}  // namespace
