//! What is said about accounts, in both languages.

use cim_access::NotAMember;
use cim_city::CityError;

use crate::language::Words;

/// What is wrong with a sign-in, an account or a right; nothing for other errors.
pub(crate) fn detail(error: &CityError) -> Option<Words> {
    Some(match error {
        CityError::NotSignedIn => Words::new(
            "sign in with POST /v1/session, or send a token as `authorization: Bearer`; a session ends after 30 minutes \
             without use and after 12 hours",
            "请通过 POST /v1/session 登录，或以 authorization: Bearer 发送令牌；会话闲置 30 分钟或满 12 小时后失效",
        ),
        CityError::SignInRefused => {
            Words::new("name and password do not fit each other", "用户名或密码不正确")
        }
        CityError::SecondFactorMissing => Words::new(
            "send the six digits that the authenticator shows as `code` too",
            "请同时在 code 中给出验证器显示的六位数字",
        ),
        CityError::SecondFactorRefused => Words::new(
            "the code does not fit or was used before: wait for the next one, and compare the clock of the phone",
            "验证码不正确或已使用过：请等待下一个验证码，并核对手机时间",
        ),
        CityError::LinkRefused => Words::new(
            "the link was used, has run out, or was never one: ask for another where you got it",
            "该链接已使用、已过期或无效：请向发送者索取新链接",
        ),
        CityError::LockedOut { until } => Words::new(
            format!("five wrong passwords in fifteen minutes: the name can be tried again at {until}"),
            format!("十五分钟内五次密码错误：该用户名可在 {until} 后重试"),
        ),
        CityError::NotAMember(why) => Words::new(why.to_string(), no_member_chinese(*why)),
        CityError::NotGranted(refused) => Words::new(
            format!(
                "the role {} does not include `{}`, or the token was not made for it: see `actions` of /v1/me",
                refused.role,
                refused.action.name()
            ),
            format!(
                "角色 {} 不含“{}”，或令牌未授权此操作；见 /v1/me 的 actions",
                refused.role,
                refused.action.description_zh()
            ),
        ),
        CityError::MustEnrolSecondFactor => Words::new(
            "this role needs a second factor: enrol one with GET and POST /v1/second-factor",
            "该角色必须启用动态验证码：请通过 GET、POST /v1/second-factor 启用",
        ),
        _ => return None,
    })
}

fn no_member_chinese(why: NotAMember) -> String {
    match why {
        NotAMember::Invited => "邀请尚未接受：请设置密码".to_owned(),
        NotAMember::Suspended => "账号已停用：请联系系统管理员".to_owned(),
        NotAMember::NotYet { from } => format!("账号自 {from} 起生效"),
        NotAMember::Expired { until } => format!("账号已于 {until} 到期：请联系系统管理员延期"),
    }
}
