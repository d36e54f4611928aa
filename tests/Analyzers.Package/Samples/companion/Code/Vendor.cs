public static class Vendor
{
    public static object Make() => new object();
}
