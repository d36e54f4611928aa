// A reference field is null in default, and an index leads anywhere above.
[InlineArray(8_000_000)]
struct Huge
{
    private ulong _first;
}

ref struct Window
{
    public ref Huge {|ATL0707:Place|};

    public Window(ref Huge place) => Place = ref place;
}

static class Probe
{
    static void Write(int index, ulong value)
    {
        Window window = default;
        window.Place[index] = value;
    }
}
