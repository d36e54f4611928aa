// A call through another function pointer type turns a number into a reference.
static unsafe class Probe
{
    static ref ulong Same(ref ulong place) => ref place;

    static void Write(ulong address, ulong value)
    {
        ref ulong place = ref ({|ATL0705:(delegate*<ulong, ref ulong>)(delegate*<ref ulong, ref ulong>)&Same|})(address);
        place = value;
    }
}
