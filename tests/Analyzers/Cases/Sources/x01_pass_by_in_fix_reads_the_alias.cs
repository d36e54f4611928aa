// The fix is not offered: the parameter and another one may be the same variable.
struct Large
{
    public long First, B, C, D;
}

static class Probe
{
    static long Before(Large before, out Large after)
    {
        after = default;
        return before.First;
    }

    static long Read()
    {
        Large large = default;
        large.First = 4;
        return Before(large, out large);
    }
}
