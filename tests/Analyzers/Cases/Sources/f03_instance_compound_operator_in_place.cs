// An operator that is a member changes the variable in place.
[NonCopyable]
struct Count
{
    private ulong _value;

    public void operator +=(int by) => _value += (ulong)by;

    public void operator ++() => _value++;
}

static class Probe
{
    static void Add(ref Count count)
    {
        count += 2;
        count++;
    }
}
