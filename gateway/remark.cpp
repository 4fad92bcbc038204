#include "gateway/remark.hpp"

#include <sstream>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>

#include "gateway/embedded.hpp"

namespace reenact::gateway {
namespace {

using google::protobuf::DescriptorPool;

/// Our messages once more, with their sources.
const DescriptorPool& commented() {
  static google::protobuf::SimpleDescriptorDatabase files;
  static const DescriptorPool pool(&files);
  static const bool filled = [] {
    google::protobuf::FileDescriptorSet all;
    for (const auto& file : embedded_files())
      if (file.name == "messages.binpb")
        all.ParseFromArray(file.bytes.data(), static_cast<int>(file.bytes.size()));
    for (const auto& file : all.file()) files.Add(file);
    return true;
  }();
  static_cast<void>(filled);
  return pool;
}

template <class Descriptor>
std::string remark_at(const Descriptor* place) {
  google::protobuf::SourceLocation at;
  if (place == nullptr || !place->GetSourceLocation(&at)) return {};
  std::istringstream words(at.leading_comments + ' ' + at.trailing_comments);
  std::string line;
  for (std::string word; words >> word;) line.append(line.empty() ? "" : " ").append(word);
  return line;
}

} // namespace

std::string remark_on(const messages::descriptor* type) {
  return remark_at(commented().FindMessageTypeByName(type->full_name()));
}

std::string remark_on(const messages::field* f) {
  return remark_at(commented().FindFieldByName(f->full_name()));
}

} // namespace reenact::gateway
