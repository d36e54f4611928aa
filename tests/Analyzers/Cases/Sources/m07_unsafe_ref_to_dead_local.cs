// In unsafe code a reference that outlives its local is only a warning, which must not be silenced.
#pragma warning disable {|ATL1003:CS9091|}
static unsafe class Probe
{
    static ref ulong Dangling(ulong value)
    {
        ulong local = value;
        return ref local;
    }

    static void Write() => Dangling(1) = 5;
}
