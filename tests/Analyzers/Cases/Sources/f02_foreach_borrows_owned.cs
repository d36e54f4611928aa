// foreach calls GetEnumerator on the variable itself: nothing is copied.
[NonCopyable]
struct Bag
{
    private int _next;

    public Walk GetEnumerator()
    {
        _next++;
        return default;
    }

    public struct Walk
    {
        public readonly int Current => 1;

        public readonly bool MoveNext() => false;
    }
}

static class Probe
{
    static int Sum(ref Bag bag)
    {
        int sum = 0;
        foreach (int value in bag)
        {
            sum += value;
        }

        return sum;
    }
}
