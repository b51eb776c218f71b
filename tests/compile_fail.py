#!/usr/bin/env python3
"""compile_fail.py - every file of tests/compile_fail breaks one shape rule: the compiler must refuse it and say so.

    python3 tests/compile_fail.py [--cc gcc ...] [--only part-of-a-name] [--show]

The first lines of an entry say what is expected:
    expect: words     in the compiler's errors, C11 and C++17
    field: name       the same in strict C99, where the rule's name is all the compiler can print
    numbers: a b      both lengths, side by side, in every language
    only: c           not in C++
With -DTWIN one token differs and the entry must compile without a warning."""
import argparse, concurrent.futures, os, re, shutil, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
include = os.path.join(here, '..', 'include')
header = os.path.join(include, 'tenon.h')
if not os.path.exists(header):
    header = os.path.join(include, 'tenon', 'spine.h')
warnings = '''-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-align -Wcast-qual -Wdouble-promotion -Wundef
-Wno-unused-variable -Wno-unused-function'''.split()


def compile_entry(cc, std, path, twin):
    language = 'c++' if '++' in std else 'c'
    command = [cc, '-x', language, '-std=' + std, '-fsyntax-only', '-I', include, '-include', header]
    command += warnings + (['-DTWIN'] if twin else []) + [path]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ, LC_ALL='C'))
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def check(cc, std, path):
    """None, or what is wrong with the entry under this compiler."""
    with open(path) as f:
        said = dict(re.findall(r'/\* (expect|field|numbers|only): (.*) \*/', f.read()))
    if 'expect' not in said or 'field' not in said:
        return 'the entry does not say what to expect', ''
    if said.get('only') == 'c' and '++' in std:
        return 'skipped', ''
    code, text = compile_entry(cc, std, path, False)
    errors = '\n'.join(line for line in text.splitlines() if ' error: ' in line or 'evaluates to' in line or 'reduces to' in line)
    if code == 0:
        return 'compiles', text
    if std == 'c99':
        if not re.search(r'\b' + re.escape(said['field']) + r'\b', errors):
            return 'the error does not name ' + said['field'], text
    elif said['expect'] not in errors:
        return 'the error does not say: ' + said['expect'], text
    if 'numbers' in said:
        a, b = said['numbers'].split()
        if not re.search(r'\b(%s\W{1,4}%s|%s\W{1,4}%s)\b' % (a, b, b, a), errors):
            return 'the error does not show %s and %s' % (a, b), text
    code, text = compile_entry(cc, std, path, True)
    if code != 0 or text.strip():
        return 'the twin does not compile cleanly', text
    return None, ''


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--cc', nargs='+', default=['gcc', 'clang'])
    p.add_argument('--only', default='')
    p.add_argument('--show', action='store_true', help='print what the compiler said')
    a = p.parse_args()
    folder = os.path.join(here, 'compile_fail')
    entries = [f for f in sorted(os.listdir(folder)) if f.endswith('.c') and a.only in f]
    jobs, skipped = [], 0
    for cc in a.cc:
        if shutil.which(cc):
            jobs += [(cc, std, os.path.join(folder, f)) for std in ('c99', 'c11', 'c++17') for f in entries]
        else:
            skipped += 3 * len(entries)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (cc, std, path), (wrong, text) in zip(jobs, pool.map(lambda j: check(*j), jobs)):
            if wrong == 'skipped':
                skipped += 1
                continue
            if wrong is None:
                passed += 1
                continue
            failed += 1
            print('%s %s %s: %s' % (cc, std, os.path.basename(path), wrong))
            if a.show:
                print(text)
    print('%d passed, %d failed, %d skipped' % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
