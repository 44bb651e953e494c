// Deliberately empty: Swift never imports glib. The module only carries pkg-config's flags for vips.
