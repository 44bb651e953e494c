# shellcheck shell=bash
# What the recipes share: models' names as the papers write them, one training, and the rows that a model may learn from.

read -ra options <<<"${TRAIN:-}"
read -ra chosen <<<"${BACKBONE:-}"
read -ra dbcnn <<<"${DBCNN:-}"

# title ARCHITECTURE: its name in the papers, by which published numbers are found; on another backbone than the papers'
# (without BACKBONE='--backbone resnet50 …') it says so, and is no ResNet-50.
title() {
  case $1 in
    lite0-stages | multi-depth | musiq | dbcnn | brisque | niqe | ilniqe) paper_title "$1" ;;
    *)
      if [[ " ${chosen[*]} ${options[*]} " == *' --backbone resnet50 '* ]]; then
        paper_title "$1"
      else
        echo "$(paper_title "$1" | sed 's/ResNet-50/pooled features/; s/^pooled/Pooled/') on Lite0"
      fi
      ;;
  esac
}

# paper_title ARCHITECTURE: the name in the papers.
paper_title() {
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

# train_once ARCHITECTURE SCORES IMAGES RUN [OPTION…]: trains on $split with $vernier, unless the run is there.
#
# Networks also get the arrays options (every one), chosen (those whose backbone can be chosen) and dbcnn (DB-CNN alone).
train_once() {
  [[ ! -f $4/run.json ]] || return 0
  local architecture=$1 more=("${@:5}")
  case $architecture in
    lite0-stages) ;;
    dbcnn) more+=("${options[@]}" "${dbcnn[@]}") ;;
    musiq) more+=("${options[@]}") ;;
    *) more+=("${options[@]}" "${chosen[@]}") ;;
  esac
  [[ $architecture != *:* ]] || more+=(--top-k "${architecture#*:}")
  "$vernier" train --scores "$2" --images "$3" --split "$split" --architecture "${architecture%:*}" "${more[@]}" --out "$4"
}

# learned SCORES SPLIT [PARTS]: the rows of a score file whose photo or scene is in none of the split's PARTS (Test).
learned() {
  awk -F, -v parts="${3:-Test}" '
    { sub(/\r$/, "") }
    NR == FNR { if (FNR == 1) isByScene = ($1 == "SCENE"); else if (index(tolower(parts), tolower($2))) test[$1] = 1; next }
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; key = column[isByScene ? "SCENE" : "IMAGE"]; print; next }
    !($key in test)
  ' "$2" "$1"
}
