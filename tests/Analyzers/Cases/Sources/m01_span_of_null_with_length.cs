// A length behind null reaches every address from there on.
static unsafe class Probe
{
    static void Write(int index, ulong value)
    {
        Span<ulong> low = {|ATL0701:new Span<ulong>(null, 0x7FFF_FFFF)|};
        low[index] = value;
    }
}
