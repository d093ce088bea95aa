// Nothing: the library whose headers the fixtures share needs a source.
