/* bench/shapes.h - reads a file of shapes; what is wrong in it ends the program with its place and what would do. */
#pragma once
#include <fstream>
#include <iostream>
#include <sstream>
#include "operators.h"

struct Row {
    std::string text, name;
    const Operator *op;
    Keys keys;
};

[[noreturn]] inline void refuse(const std::string &what)
{
    std::cerr << "bench: " << what << "\n";
    std::exit(2);
}

template <class Map> std::string names(const Map &map)
{
    std::string s;
    for (const auto &entry : map) s += (s.empty() ? "" : ", ") + entry.first;
    return s;
}

inline int64_t value_of(const std::string &at, const std::string &key, const std::string &value, int64_t fallback)
{
    if (key == "act") {
        const auto kind = activations().find(value);
        if (kind == activations().end())
            refuse(at + "no activation '" + value + "'; there are " + names(activations()));
        return kind->second;
    }
    if (key == "pad" && (value == "valid" || value == "same")) return value == "same" ? SAME : 0;
    const bool digits =
        !value.empty() && value.size() < 10 && value.find_first_not_of("0123456789") == std::string::npos;
    const bool flag =
        fallback != REQUIRED && (key == "bias" || key == "ta" || key == "tb" || key == "backward" || key == "exact");
    const int64_t number = digits ? std::stoll(value) : -1, least = !flag && key != "pad", most = flag ? 1 : 999999999;
    if (number < least || number > most)
        refuse(at + key + "=" + value + ": must be a whole number from " + std::to_string(least) + " to " +
               std::to_string(most) + (key == "pad" ? ", valid or same" : ""));
    return number;
}

inline std::vector<Row> read_shapes(const std::string &file)
{
    std::ifstream in(file);
    std::vector<Row> rows;
    std::string line;
    if (!in) refuse("cannot read " + file);
    for (int number = 1; std::getline(in, line); number++) {
        const std::string at = file + ":" + std::to_string(number) + ": ";
        std::istringstream words(line.substr(0, line.find('#')));
        std::string name, word;
        if (!(words >> name)) continue;
        const auto found = operators().find(name);
        if (found == operators().end())
            refuse(at + "no operator '" + name + "'; there are " + names(operators()) +
                   (name == "gru" ? "; the library has no GRU" : ""));
        const Keys &known = found->second.keys;
        Row row = { name, name, &found->second, known };
        std::map<std::string, bool> seen;
        while (words >> word) {
            const size_t equals = word.find('=');
            const std::string key = word.substr(0, equals);
            const auto fallback = known.find(key);
            if (equals == std::string::npos) refuse(at + "'" + word + "' is not key=value");
            if (fallback == known.end()) refuse(at + name + " has no key '" + key + "'; it has " + names(known));
            if (seen[key]) refuse(at + key + " is given twice");
            seen[key] = true;
            row.keys[key] = value_of(at, key, word.substr(equals + 1), fallback->second);
            row.text += " " + word;
        }
        for (const auto &entry : row.keys)
            if (entry.second == REQUIRED) refuse(at + name + " needs " + entry.first + "=");
        rows.push_back(row);
    }
    return rows;
}
