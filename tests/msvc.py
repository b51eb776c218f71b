#!/usr/bin/env python3
"""msvc.py - the implementation as clang compiles it for MSVC (-fsyntax-only, C and C++), against the declarations of tests/msvc: no
headers of MSVC are needed. Says what MSVC's dialect and predefined macros make of the header; not what cl.exe itself would say.

    python3 tests/msvc.py [--cc clang-19] [--header path]"""
import argparse, os, shutil, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
include = os.path.join(here, '..', 'include')
warnings = '-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wcast-align -Wcast-qual -Wdouble-promotion -Wundef'.split()

# C17 and C++ have the whole header. MSVC's C without /std:c11 has no _Generic: there the macros on plain arrays must say so, the chains
# must work.
implementation = '#define TENON_IMPLEMENTATION\n#include "%s"\n'
# what windows.h defines, of words that code likes as names
windows = ''.join(f'#define {word}\n' for word in ['far', 'near', 'pascal', 'cdecl', 'IN', 'OUT', 'OPTIONAL']) + \
    '#define small char\n#define hyper __int64\n#define interface struct\n' + \
    '#define min(a, b) ((a) < (b) ? (a) : (b))\n#define max(a, b) ((a) > (b) ? (a) : (b))\n' + implementation
static = '#define TENON_STATIC\n#include "%s"\n'
shapes = '''#include "%s"
float y[8][10], x[8][96], w[96][10];
TN_CHAIN_INPUT(in, 9, 9, 1);
TN_CHAIN_CONV2D(c1, in, 4, 3, 3, 2, TN_VALID);
tn_tensor f(void);
tn_tensor f(void) { TN_DENSE_SHAPES(y, x, w, TN_NO_BIAS); return TN_OF2(w, TN_IO); }
'''
chain = '''#include "%s"
TN_CHAIN_INPUT(in, 9, 9, 1);
TN_CHAIN_CONV2D(c1, in, 4, 3, 3, 2, TN_VALID);
extern char even[c1_H == 4 ? 1 : -1];
int f(void);
int f(void) { TN_CHAIN_POOL2D(p1, c1, 2, 2); return p1_COUNT + (int)sizeof even; }
'''
deep = chain.replace('9, 9, 1', '2, 9, 1')
cases = [  # name, program, standards, a word that the errors must contain or None
    ('implementation', implementation, ['c99', 'c11', 'c17', 'c++14', 'c++20'], None),
    ('after windows.h', windows, ['c17', 'c++20'], None),
    ('static copy', static, ['c11', 'c++17'], None),
    ('shapes', shapes, ['c11', 'c17', 'c++14', 'c++20'], None),
    ('shapes before C11', shapes, ['c99'], 'tenon_array_macros_need_c11_or_gcc_or_clang'),
    ('chain', chain, ['c99', 'c11', 'c++14', 'c++20'], None),
    ('window too high', deep, ['c99', 'c11', 'c++14'], 'chain_window_height'),
]


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--cc', default='clang-19')
    p.add_argument('--header', default='')
    p.add_argument('--show', action='store_true')
    a = p.parse_args()
    header = a.header
    for name in ('tenon.h', 'tenon/spine.h'):
        if not header and os.path.exists(os.path.join(include, name)):
            header = os.path.join(include, name)
    count = sum(len(standards) for _, _, standards, _ in cases)
    if not shutil.which(a.cc):
        print('%s is not installed\n0 passed, 0 failed, %d skipped' % (a.cc, count))
        return 77
    resources = subprocess.run([a.cc, '-print-resource-dir'], stdout=subprocess.PIPE).stdout.decode().strip()
    passed = failed = 0
    for name, program, standards, word in cases:
        for std in standards:
            command = [a.cc, '--target=x86_64-pc-windows-msvc', '-fms-compatibility-version=19.30', '-fsyntax-only', '-nostdinc',
                       '-isystem', os.path.join(here, 'msvc'), '-isystem', os.path.join(resources, 'include'), '-I', include,
                       '-x', 'c++' if '++' in std else 'c', '-std=' + std] + warnings + ['-']
            done = subprocess.run(command, input=(program % os.path.abspath(header)).encode(), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            text = done.stdout.decode('utf-8', 'replace')
            errors = '\n'.join(line for line in text.splitlines() if ' error: ' in line)
            good = word in errors if word else done.returncode == 0 and not text.strip()
            passed, failed = passed + good, failed + (not good)
            if not good:
                said = [line for line in text.splitlines() if 'error: ' in line or 'warning: ' in line] or ['compiles']
                print('%s %s: %s' % (name, std, said[0]))
                if a.show:
                    print(text)
    print('%d passed, %d failed, 0 skipped' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
