// The text goes to a handler and has no literal part, so there is no string.
namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Struct)]
    sealed class InterpolatedStringHandlerAttribute : Attribute;
}

[System.Runtime.CompilerServices.InterpolatedStringHandler]
ref struct Line
{
    public Line(int literals, int values)
    {
    }

    public void AppendFormatted(ulong value)
    {
    }
}

static class Probe
{
    static void Print(Line line)
    {
    }

    static void Show(ulong value) => Print($"{value}{value}");
}
