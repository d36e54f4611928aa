// A box that is only compared with null is never made.
static class Probe
{
    static bool IsMissing<T>(T value) => value == null;
}
