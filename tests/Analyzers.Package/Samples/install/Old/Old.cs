using Atoll;

public class Old
{
    [NoGC]
    public object Make()
    {
        return new object();
    }
}
