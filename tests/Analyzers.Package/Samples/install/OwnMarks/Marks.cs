using Atoll;

namespace Atoll
{
    public sealed class NoGCAttribute : System.Attribute
    {
    }
}

public class Marked
{
    [NoGC]
    public object Make() => new object();
}
