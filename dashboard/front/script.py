"""What Streamlit runs. It stands in a folder of its own because Streamlit takes a folder ``pages`` beside its script
for a set of scripts, and would run one bare on the first visit to a page's own address."""

from dashboard.app import main

main()
