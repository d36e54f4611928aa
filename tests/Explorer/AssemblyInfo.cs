// Searches are compared by time and bounded by memory: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
