// A word across two cache lines is two accesses.
[Shared, StructLayout(LayoutKind.Explicit)]
struct Board
{
    [FieldOffset(0)]
    public byte Kind;
    [FieldOffset(61)]
    public ulong {|ATL0607:Life|};
}

static class Probe
{
    static ulong Look(ref Board board) => Volatile.Read(ref board.Life);
}
