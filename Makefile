# Vernier: `make help` lists the targets. Everything is built in release mode into .build.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
# Set-up before build, always.
.NOTPARALLEL:
.DEFAULT_GOAL := help

# The commit that the program names; all of a build's targets have the same.
export VERNIER_COMMIT := $(shell git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null)

# One set of flags for every build, so that nothing is ever compiled twice.
FLAGS := -c release --explicit-target-dependency-import-check error
SWIFT_SOURCES := Sources Tests Benchmarks Research Package.swift

.PHONY: help setup build demo test test-browser wheel test-python test-spark deb tarball packages test-packages lint format bench clean

help:
	echo 'make setup   install what is missing (Scripts/setup --help)'
	echo 'make build   build the program: .build/release/vernier'
	echo 'make demo    run the main job on real portraits; ends with demo/report.html'
	echo 'make test    check the style, build everything, run every test'
	echo 'make test-browser   the part of make test that drives a browser, nginx and SIGKILL, again'
	echo 'make wheel   build the Python package with the program inside into dist'
	echo 'make test-python    the part of make test that installs and uses the wheel, again'
	echo 'make test-spark     the tests of vernier.spark, which make test leaves out'
	echo 'make deb     build the Debian package into dist'
	echo 'make tarball build the portable archive into dist'
	echo 'make packages       the wheel, both of these, a list of their parts (SBOM) and SHA256SUMS'
	echo 'make test-packages  install and use the packages in clean systems; not a part of make test'
	echo 'make lint    check the style and the tree'
	echo 'make format  bring the Swift sources into the house format'
	echo 'make bench   measure against named peers, in one run'
	echo 'make clean   remove what was built (the cache of Scripts/setup stays)'

setup:
	Scripts/setup

build: setup
	# The program, what it loads when it needs tensors, and what it starts for camera raw and for strangers' photos.
	for product in vernier-torch vernier-raw vernier-decode vernier; do
	  swift build $(FLAGS) --product $$product || { echo 'make: the build failed' >&2; exit 1; }
	done

demo: build
	.build/release/vernier demo --out demo

test: setup-tests lint
	swift build $(FLAGS) --build-tests || { echo 'make test: the build failed' >&2; exit 1; }
	swift test $(FLAGS) --skip-build 2>&1 | tee .build/tests.log ||
	  { echo 'make test: a test failed:'; grep -A 3 '✘' .build/tests.log | tail -40; exit 1; } >&2
	Scripts/test-browser || { echo 'make test: a browser test failed' >&2; exit 1; }
	Scripts/test-python || { echo 'make test: a test of the Python package failed' >&2; exit 1; }

test-browser: setup-tests
	swift build $(FLAGS) --build-tests || { echo 'make: the build failed' >&2; exit 1; }
	Scripts/test-browser || { echo 'make: a browser test failed' >&2; exit 1; }

wheel: build
	Scripts/setup --python
	Scripts/wheel

deb: build
	Scripts/setup --python
	Scripts/deb

tarball: build
	Scripts/setup --python
	Scripts/tarball

packages: build
	Scripts/setup --python
	for part in wheel deb tarball sbom sums; do Scripts/$$part; done

test-packages: packages
	Scripts/test-packages || { echo 'make: a test of the packages failed' >&2; exit 1; }

test-python: build
	Scripts/setup --python
	Scripts/test-python || { echo 'make: a test of the Python package failed' >&2; exit 1; }

test-spark: build
	Scripts/setup --spark
	Scripts/test-python --spark || { echo 'make: a test of vernier.spark failed' >&2; exit 1; }

.PHONY: setup-tests
setup-tests:
	Scripts/setup --browser --python --people

lint:
	swift format lint --strict --recursive $(wildcard $(SWIFT_SOURCES)) ||
	  { echo 'make lint: the format differs; run make format' >&2; exit 1; }
	Scripts/check-tree

format:
	swift format --in-place --recursive $(wildcard $(SWIFT_SOURCES))

bench: build
	swift build $(FLAGS) || { echo 'make: the build failed' >&2; exit 1; }
	Scripts/bench

clean:
	rm -rf .build demo dist
