# shellcheck shell=bash
# What the recipes share: models' names as the papers write them, and the rows that a model may learn from.

# title ARCHITECTURE: its name in the papers, by which published numbers are found.
title() {
  case $1 in
    resnet50) echo 'ResNet-50' ;;
    resnet50-multitask) echo 'Multitask ResNet-50' ;;
    hyperiqa) echo 'HyperIQA' ;;
    sem-hyperiqa) echo 'SEM-HyperIQA' ;;
    sem-hyperiqa-so) echo 'SEM-HyperIQA-SO' ;;
    sem-hyperiqa-co) echo 'SEM-HyperIQA-CO' ;;
    full-hyperiqa) echo 'FULL-HyperIQA' ;;
    full-hyperiqa:*) echo "FULL-HyperIQA top ${1#*:}" ;;
    full-hyperiqa-complete) echo 'FULL-HyperIQA variant' ;;
    full-hyperiqa-complete:*) echo "FULL-HyperIQA variant top ${1#*:}" ;;
    musiq) echo 'MUSIQ' ;;
    dbcnn) echo 'DB-CNN' ;;
    brisque) echo 'BRISQUE' ;;
    niqe) echo 'NIQE' ;;
    ilniqe) echo 'ILNIQE' ;;
    *) echo "$1" ;;
  esac
}

# learned SCORES SPLIT [PARTS]: the rows of a score file whose photo or scene is in none of the split's PARTS (Test).
learned() {
  awk -F, -v parts="${3:-Test}" '
    { sub(/\r$/, "") }
    NR == FNR { if (FNR == 1) bySCENE = ($1 == "SCENE"); else if (index(tolower(parts), tolower($2))) test[$1] = 1; next }
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; key = column[bySCENE ? "SCENE" : "IMAGE"]; print; next }
    !($key in test)
  ' "$2" "$1"
}
