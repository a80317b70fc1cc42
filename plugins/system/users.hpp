// Names of users, from /etc/passwd alone: a directory service may take its time, or hang.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace machine {

class Users {
 public:
  explicit Users(std::string_view passwd);
  std::string name_of(unsigned user) const;  // its number, if there is no name

 private:
  std::map<unsigned, std::string> m_names;
};

}  // namespace machine
