"""The demo region (演示区域): an invented innovation region, in which everything is made up."""
