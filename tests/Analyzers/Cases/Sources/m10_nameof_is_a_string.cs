// nameof as a value is a string object in the image.
static class Probe
{
    static int Length() => {|ATL0006:nameof(Probe)|}.Length;
}
