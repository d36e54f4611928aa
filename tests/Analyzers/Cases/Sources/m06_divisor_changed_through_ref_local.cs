// A divisor changes through a second name after it was compared.
static class Probe
{
    static ulong Share(ulong total, ulong divisor, ulong other)
    {
        if (divisor == 0)
        {
            return 0;
        }

        ref ulong alias = ref divisor;
        alias = other;
        return total / {|ATL0204:divisor|};
    }
}
