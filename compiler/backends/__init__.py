"""From a plan or a graph to files: the only modules that know CDKTF, Graphviz and Mermaid."""
