# Reads the JUnit file that ctest writes and prints one line per test: "passed", "failed" or
# "skipped", a tab, the name. ctest itself calls a run with skipped tests a success.
#
# ctest knows of a skip where it runs a GoogleTest case alone. A program that ctest runs as a whole
# (Qt Test) reports its skips only in its output; each of them is printed beside the program's line.
# SPDX-License-Identifier: GPL-3.0-or-later

function attribute(line, name) {
    if (!match(line, " " name "=\"[^\"]*\""))
        return ""
    return substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}

function finish() {
    if (test == "")
        return
    # "notrun" is also the word for a program that is missing or a fixture that failed.
    if (status == "run")
        print "passed\t" test
    else if (status == "disabled" || (status == "notrun" && skip_seen))
        print "skipped\t" test
    else
        print "failed\t" test
    test = ""
}

/^[ \t]*<testcase / {
    finish()
    test = attribute($0, "name")
    status = attribute($0, "status")
    skip_seen = 0
}

/<skipped message="SKIP_(REGULAR_EXPRESSION_MATCHED|RETURN_CODE=)/ { skip_seen = 1 }

# Qt Test: "SKIP   : ClassName::function(row) reason".
status == "run" && match($0, /SKIP   : [A-Za-z0-9_:]+\(/) {
    print "skipped\t" substr($0, RSTART + 9, RLENGTH - 10)
}

/<\/testsuite>/ { finish() }
