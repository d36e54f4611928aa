// A shared word is read plainly through a second name.
[Shared]
struct Board
{
    public ulong Life;
}

static class Probe
{
    static ulong Wait(ref Board board)
    {
        ref ulong life = ref board.Life;
        ulong rounds = 0;
        while ({|ATL0607:life|} == 0 && rounds < 1000)
        {
            rounds++;
        }

        {|ATL0607:life|} = {|ATL0607:life|} + 1;
        return rounds;
    }
}
